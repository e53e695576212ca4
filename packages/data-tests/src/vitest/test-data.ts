import { type DataSource, openEngine, type QueryEngine } from "@deepwright/engines";
import { type RunOptions, runSuite } from "../planner/run-suite.js";
import type { SuiteResult } from "../results/result.js";
import { argumentInvalid } from "../sql/open-table.js";
import type { Suite } from "../suite/suite.js";
import { type PlainRow, tableOfRows } from "./rows-table.js";

/**
 * What `expect(data).toPassSuite(suite)` takes: rows, the path of a file, folder or pattern, a source of DuckDB, or a source of an
 * engine that is open already.
 */
export type TestData =
  | readonly PlainRow[]
  | string
  | DataSource
  | { readonly engine: QueryEngine; readonly source: DataSource };

export interface PassSuiteOptions extends Omit<RunOptions, "sources"> {
  /** Other tables, by the names that expectations use; of the engine of the data. */
  readonly sources?: Readonly<Record<string, readonly PlainRow[] | string | DataSource>>;
}

/** Runs a suite on data of a test. @throws DeepwrightError of the suite, the data and the engine */
export async function testData(data: unknown, suite: Suite, options: PassSuiteOptions = {}): Promise<SuiteResult> {
  if (isOnEngine(data)) return runOn(data.engine, data.source, suite, options);
  const engine = await openEngine({ kind: "duckdb" });
  try {
    return await runOn(engine, data, suite, options);
  } finally {
    await engine.close();
  }
}

async function runOn(
  engine: QueryEngine,
  data: unknown,
  suite: Suite,
  options: PassSuiteOptions,
): Promise<SuiteResult> {
  const { sources, ...rest } = options;
  const opened: Record<string, DataSource> = {};
  for (const [name, each] of Object.entries(sources ?? {}))
    opened[name] = await sourceOf(engine, each, `source ${name}`);
  return runSuite(engine, await sourceOf(engine, data, "tested data"), suite, { ...rest, sources: opened });
}

async function sourceOf(engine: QueryEngine, data: unknown, name: string): Promise<DataSource> {
  if (typeof data === "string") return { kind: "file", path: data };
  if (isRows(data)) return tableOfRows(engine, data, name);
  if (isSource(data)) return data;
  const got = data === null ? "null" : typeof data;
  throw argumentInvalid("rows, a path or a source of data", got, 'Write expect(rows) or expect("sales.parquet").');
}

const isRows = (data: unknown): data is readonly PlainRow[] =>
  Array.isArray(data) && data.every((row) => typeof row === "object" && row !== null && !Array.isArray(row));

const isSource = (data: unknown): data is DataSource =>
  typeof data === "object" && data !== null && "kind" in data && ["file", "table", "query"].includes(String(data.kind));

const isOnEngine = (data: unknown): data is { readonly engine: QueryEngine; readonly source: DataSource } =>
  typeof data === "object" && data !== null && "engine" in data && "source" in data;
