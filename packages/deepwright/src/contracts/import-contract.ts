import { mkdir } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import type { DataReference } from "@deepwright/data-tests";
import type { CliContext } from "../context.js";
import { loadDataTests } from "../data-tests/load-data-tests.js";
import { oneLine } from "../render-values.js";
import { writeTextFile } from "../write-text-file.js";
import type { CheckOptions } from "./check-contract-file.js";
import { parseContractData } from "./contract-data.js";

export interface ImportOptions extends Omit<CheckOptions, "strict"> {
  readonly out: string;
}

/** `deepwright contract import` */
export async function importContract(file: string, options: ImportOptions, cli: CliContext): Promise<void> {
  const { workingDirectory } = cli.streams;
  const data = parseContractData(options.data);
  const { openContractSuites, readContract, suitesOfContract } = await loadDataTests();
  const path = resolve(workingDirectory, file);
  const contract = await readContract(path);
  const folder = resolve(workingDirectory, options.out);
  const place = { path, shown: file, data, folder: workingDirectory, tables: true };
  const suites = openContractSuites(contract, place);
  await mkdir(folder, { recursive: true });
  const inFolder = (reference: DataReference): DataReference =>
    "file" in reference
      ? { ...reference, file: relative(folder, resolve(workingDirectory, reference.file)) }
      : reference;
  const written: string[] = [];
  for (const suite of suites) {
    const { name } = suite.file;
    const sources = suitesOfContract(contract).suites.find(({ object }) => object === name)?.sources ?? [];
    const others = sources.flatMap((source) => {
      const other = suites.find((each) => each.file.name === source);
      return other === undefined ? [] : [[source, inFolder(other.reference)] as const];
    });
    const content = {
      ...suite.file,
      data: inFolder(suite.reference),
      ...(others.length > 0 && { sources: Object.fromEntries(others) }),
    };
    const plain = name.replace(/[^A-Za-z0-9._-]+/g, "-").replace(/^\.+/, "");
    const paths = ["", ...written.map((_, index) => `-${index + 2}`)].map((end) =>
      join(folder, `${plain}${end}.suite.json`),
    );
    const target = paths.find((each) => !written.includes(each)) as string;
    await writeTextFile(target, `${JSON.stringify(content, null, 2)}\n`);
    written.push(target);
  }
  const { notTested } = suitesOfContract(contract);
  const lost = notTested.filter(({ kind }) => kind === "not-supported");
  cli.print({ written, notTested }, () =>
    [
      ...written.map((target) => `${relative(workingDirectory, target)} written.`),
      ...lost.map((part) => `Not tested: ${oneLine(part.path)}: ${oneLine(part.reason)}`),
    ].join("\n"),
  );
}
