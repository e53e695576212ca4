import { resolve } from "node:path";
import type { CliContext } from "../context.js";
import { loadDataTests } from "../data-tests/load-data-tests.js";
import { oneLine } from "../render-values.js";

/** `deepwright contract diff` */
export async function compareContractFiles(before: string, after: string, cli: CliContext): Promise<void> {
  const { readContract, compareContracts } = await loadDataTests();
  const read = (file: string) => readContract(resolve(cli.streams.workingDirectory, file));
  const comparison = compareContracts(await read(before), await read(after));
  const { changes, breaking, version, sentence } = comparison;
  cli.print(comparison, () =>
    [...changes.map((change) => `${change.level.padEnd(5)}  ${oneLine(change.sentence)}`), oneLine(sentence)].join(
      "\n",
    ),
  );
  // Where a version is not semantic, nothing tells readers of a breaking change.
  cli.exitCode = version.sufficient === false || (breaking && version.sufficient === null) ? 1 : 0;
}
