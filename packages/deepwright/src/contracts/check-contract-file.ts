import { resolve } from "node:path";
import { DeepwrightError } from "@deepwright/core";
import type { ContractSuites, DataContract, NotTested, TestedData } from "@deepwright/data-tests";
import type { CliContext } from "../context.js";
import { type DataTests, loadDataTests } from "../data-tests/load-data-tests.js";
import { oneLine } from "../render-values.js";
import { parseContractData } from "./contract-data.js";

export interface CheckOptions {
  readonly engine: string;
  readonly data: readonly string[];
  readonly tables?: boolean;
  readonly strict?: boolean;
}

/** `deepwright contract check` */
export async function checkContractFile(file: string, options: CheckOptions, cli: CliContext): Promise<void> {
  const { workingDirectory } = cli.streams;
  const data = parseContractData(options.data);
  const dataTests = await loadDataTests();
  const path = resolve(workingDirectory, file);
  const contract = await dataTests.readContract(path);
  const found = dataTests.suitesOfContract(contract);
  const suites = dataTests.openContractSuites(contract, {
    path,
    shown: file,
    data,
    folder: workingDirectory,
    tables: options.tables === true,
  });
  const tests: TestedData[] = [];
  if (suites.length > 0) {
    const runner = await dataTests.openSuiteRunner({ engine: options.engine, workingDirectory, signal: cli.signal });
    try {
      for (const suite of suites) {
        cli.signal.throwIfAborted();
        tests.push(await runner.test(suite));
      }
    } finally {
      await runner.close();
    }
  }
  const passed = tests.every(({ result }) => result?.passed);
  const untested = found.notTested.filter(({ kind }) => kind === "not-supported");
  const { id, version, status } = contract;
  const objects = found.suites.map(({ object, table, suite }) => ({
    object,
    table,
    expectations: suite?.expectations.length ?? 0,
  }));
  cli.print({ id, version, status, objects, notTested: found.notTested, tests }, () =>
    checkText(contract, found, tests, dataTests, cli),
  );
  // Data without a verdict tells more than data that failed: its error's code.
  const error = tests.find((each) => each.error !== null)?.error;
  const failed = !passed || (options.strict === true && untested.length > 0);
  cli.exitCode = error ? DeepwrightError.fromJSON(error).exitCode : failed ? 1 : 0;
}

function checkText(
  { id, version, status }: DataContract,
  { suites, notTested }: ContractSuites,
  tests: readonly TestedData[],
  dataTests: DataTests,
  cli: CliContext,
): string {
  const untested = notTested.filter(({ kind }) => kind === "not-supported");
  const lines = [
    `${oneLine(id)} ${oneLine(version)} (${oneLine(status)}) conforms to the standard.`,
    ...suites.map(({ object, suite }) => {
      const count = suite?.expectations.length ?? 0;
      return `  ${oneLine(object)}: ${count} ${count === 1 ? "expectation" : "expectations"}`;
    }),
    ...(untested.length > 0 ? ["Not tested:", ...untested.map(untestedLine)] : []),
    forPeople(notTested.length - untested.length),
  ];
  const report =
    tests.length === 0 ? "" : `\n${dataTests.terminalText({ tests }, { color: cli.color, width: cli.width })}`;
  return `${lines.join("\n")}\n${report}`;
}

const forPeople = (count: number): string => (count === 1 ? "1 part is for people." : `${count} parts are for people.`);

const untestedLine = ({ path, reason }: NotTested): string => `  ${oneLine(path)}: ${oneLine(reason)}`;
