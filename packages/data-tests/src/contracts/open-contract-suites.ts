import { argumentInvalid } from "../sql/open-table.js";
import { sourceOfReference } from "../suite-files/resolve-data.js";
import type { DataReference } from "../suite-files/suite-file.js";
import type { OpenTableSuite } from "../suite-runs/open-suite-runner.js";
import type { DataContract } from "./contract.js";
import { type ContractSuite, suitesOfContract } from "./suites-of-contract.js";

export interface ContractData {
  /** File of the contract. */
  readonly path: string;
  /** As reports show it. */
  readonly shown: string;
  /** Data by the names of objects; relative paths begin at `folder`. */
  readonly data: Readonly<Record<string, DataReference>>;
  readonly folder: string;
  /** Whether objects without data are tables of the engine, by their physical names. */
  readonly tables: boolean;
}

/**
 * The suites of a contract with their data, for `SuiteRunner.test`. Objects without data, or without anything to test, are left out.
 *
 * @throws DeepwrightError `ARGUMENT_INVALID` for data of an object that the contract does not have
 */
export function openContractSuites(
  contract: DataContract,
  { path, shown, data, folder, tables }: ContractData,
): readonly OpenTableSuite[] {
  const { suites } = suitesOfContract(contract);
  const unknown = Object.keys(data).find((name) => !suites.some(({ object }) => object === name));
  if (unknown !== undefined) {
    throw argumentInvalid(
      "data of an object of the contract",
      JSON.stringify(unknown),
      `It has ${suites.map(({ object }) => JSON.stringify(object)).join(", ") || "none"}.`,
    );
  }
  const referenceOf = ({ object, table }: ContractSuite): DataReference | null => {
    if (Object.hasOwn(data, object)) return data[object] ?? null;
    if (!tables) return null;
    const [schema, name] = /^([^.]+)\.([^.]+)$/.exec(table)?.slice(1) ?? [undefined, table];
    return { table: name as string, ...(schema !== undefined && { schema }) };
  };
  const references = new Map(suites.map((suite) => [suite.object, referenceOf(suite)]));
  return suites.flatMap(({ object, suite, sources }): OpenTableSuite[] => {
    const reference = references.get(object) ?? null;
    if (reference === null || suite === null) return [];
    const known = sources.flatMap((name) => {
      const other = references.get(name) ?? null;
      return other === null ? [] : [[name, sourceOfReference(other, folder)] as const];
    });
    return [
      {
        path,
        shown,
        file: { ...suite, data: reference },
        reference,
        source: sourceOfReference(reference, folder),
        sources: Object.fromEntries(known),
      },
    ];
  });
}
