import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import type { EngineCapabilities, QueryEngine } from "../../engine.js";
import type { DuckDbOptions } from "../../options.js";
import { resultToArrow } from "./arrow.js";
import { describeColumns } from "./columns.js";
import { Connections } from "./connections.js";
import { toEngineError } from "./errors.js";
import { fingerprintSource } from "./fingerprint.js";
import { quoteIdentifier } from "./identifiers.js";
import { queryRows } from "./query.js";
import { fromClause } from "./sources.js";
import { streamBatches } from "./stream.js";

const capabilities: EngineCapabilities = {
  name: "duckdb",
  files: true,
  arrow: true,
  writesParquet: true,
  memoryLimit: true,
  transactions: true,
  snapshots: false,
};

let opened = 0;

/** Two instances must not spill to one folder; DuckDB makes it when it spills, and removes it. */
function temporaryDirectory(): string {
  opened += 1;
  return join(tmpdir(), `deepwright-duckdb-${process.pid}-${opened}`);
}

/** Opens DuckDB in this process, in memory or on a database file. */
export async function openDuckDb(options: DuckDbOptions): Promise<QueryEngine> {
  const settings: Record<string, string> = { autoinstall_known_extensions: "false" };
  if (options.memoryLimit !== undefined) settings.memory_limit = `${options.memoryLimit}B`;
  settings.temp_directory = options.temporaryDirectory ?? temporaryDirectory();
  if (options.threads !== undefined) settings.threads = String(options.threads);
  const instance = await DuckDBInstance.create(options.path ?? ":memory:", settings).catch((error: unknown) => {
    throw toEngineError(error);
  });
  const connections = new Connections(instance);
  return {
    capabilities,
    quoteIdentifier,
    fromClause: (source) => fromClause(source),
    columns: (source, queryOptions) => describeColumns(connections, source, queryOptions),
    query: <Row>(sql: string, queryOptions = {}) => queryRows(connections, sql, queryOptions) as Promise<Row[]>,
    stream: (sql, streamOptions) => streamBatches(connections, sql, streamOptions),
    arrow: (sql, queryOptions) => resultToArrow(connections, sql, queryOptions),
    fingerprint: (source, fingerprintOptions = {}) => fingerprintSource(connections, source, fingerprintOptions),
    close: async () => connections.close(),
  };
}
