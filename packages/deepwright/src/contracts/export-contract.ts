import { resolve } from "node:path";
import type { SuiteFile } from "@deepwright/data-tests";
import type { CliContext } from "../context.js";
import { type DataTests, loadDataTests } from "../data-tests/load-data-tests.js";
import { oneLine } from "../render-values.js";
import { writeTextFile } from "../write-text-file.js";

export interface ExportOptions {
  readonly engine: string;
  readonly out?: string;
  readonly base?: string;
  readonly id?: string;
  readonly setVersion?: string;
  readonly columns: boolean;
}

/** `deepwright contract export` */
export async function exportContract(file: string, options: ExportOptions, cli: CliContext): Promise<void> {
  const { workingDirectory } = cli.streams;
  const dataTests = await loadDataTests();
  const path = resolve(workingDirectory, file);
  const base =
    options.base === undefined ? undefined : await dataTests.readContract(resolve(workingDirectory, options.base));
  const suite = dataTests.requireTableSuite(await dataTests.readSuiteFile(path));
  const columns = options.columns ? await columnsOf(path, options, dataTests, cli) : undefined;
  const { name, description, key, owner, severity, expectations } = suite;
  const write = (version: string) =>
    dataTests.contractOfSuite(
      { name, description, key, owner, severity, expectations },
      {
        id: options.id ?? base?.id ?? name,
        version,
        ...(columns && { columns }),
        ...(base && { base, status: base.status }),
        ...tableOf(suite),
      },
    );
  let contract = write(options.setVersion ?? base?.version ?? "1.0.0");
  if (base !== undefined && options.setVersion === undefined) {
    const { needed } = dataTests.compareContracts(base, contract).version;
    if (needed !== null) contract = write(needed);
  }
  const text = dataTests.contractText(contract);
  if (options.out === undefined) {
    cli.print(contract, () => text);
    return;
  }
  const out = resolve(workingDirectory, options.out);
  await writeTextFile(out, text);
  const { id, version } = contract;
  cli.print({ file: out, id, version }, () => `${oneLine(id)} ${oneLine(version)} written to ${out}.`);
}

async function columnsOf(path: string, { engine }: ExportOptions, dataTests: DataTests, cli: CliContext) {
  const runner = await dataTests.openSuiteRunner({
    engine,
    workingDirectory: cli.streams.workingDirectory,
    signal: cli.signal,
  });
  try {
    const { source } = await runner.open(path);
    return source === null ? [] : await runner.engine.columns(source);
  } finally {
    await runner.close();
  }
}

function tableOf({ data }: SuiteFile): { readonly table?: string } {
  if (typeof data === "function" || !("table" in data)) return {};
  return { table: data.schema === undefined ? data.table : `${data.schema}.${data.table}` };
}
