import type { EngineCapabilities, QueryEngine } from "../../engine.js";
import type { PostgresOptions } from "../../options.js";
import { resultToArrow } from "./arrow.js";
import { describeColumns } from "./columns.js";
import { Connections } from "./connections.js";
import { fingerprintSource } from "./fingerprint.js";
import { quoteIdentifier } from "./identifiers.js";
import { queryRows } from "./query.js";
import { fromClause } from "./sources.js";
import { streamBatches } from "./stream.js";

const capabilities: EngineCapabilities = {
  name: "postgres",
  files: false,
  arrow: true,
  writesParquet: false,
  memoryLimit: false,
  transactions: true,
  snapshots: true,
};

/** Opens a pool of sessions and checks that the server answers. */
export async function openPostgres(options: PostgresOptions): Promise<QueryEngine> {
  const connections = new Connections(options.uri);
  try {
    connections.giveBack((await connections.lend()).client);
  } catch (error) {
    await connections.close();
    throw error;
  }
  return {
    capabilities,
    quoteIdentifier,
    fromClause,
    columns: (source, queryOptions) => describeColumns(connections, source, queryOptions),
    query: <Row>(sql: string, queryOptions = {}) => queryRows(connections, sql, queryOptions) as Promise<Row[]>,
    stream: (sql, streamOptions) => streamBatches(connections, sql, streamOptions),
    arrow: (sql, queryOptions) => resultToArrow(connections, sql, queryOptions),
    fingerprint: (source, fingerprintOptions = {}) => fingerprintSource(connections, source, fingerprintOptions),
    close: () => connections.close(),
  };
}
