import type { EngineCapabilities, QueryEngine } from "../../engine.js";
import type { PostgresOptions } from "../../options.js";
import { resultToArrow } from "./arrow.js";
import { describeColumns } from "./columns.js";
import { Connections, type Sessions } from "./connections.js";
import { fingerprintSource } from "./fingerprint.js";
import { quoteIdentifier } from "./identifiers.js";
import { queryRows } from "./query.js";
import { Snapshots } from "./snapshots.js";
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
  const snapshots = new Snapshots(connections);
  return {
    ...engineOf(connections),
    inSnapshot: (work, snapshotOptions = {}) =>
      snapshots.hold(snapshotOptions, (sessions) => work(heldEngine(sessions))),
    close: () => connections.close(),
  };
}

/** Its state is that of the engine that lends it, and ends with it. */
function heldEngine(sessions: Sessions): QueryEngine {
  const engine: QueryEngine = {
    ...engineOf(sessions),
    inSnapshot: (work) => work(engine),
    close: async () => undefined,
  };
  return engine;
}

function engineOf(sessions: Sessions): Omit<QueryEngine, "close" | "inSnapshot"> {
  return {
    capabilities,
    quoteIdentifier,
    fromClause,
    columns: (source, queryOptions) => describeColumns(sessions, source, queryOptions),
    query: <Row>(sql: string, queryOptions = {}) => queryRows(sessions, sql, queryOptions) as Promise<Row[]>,
    stream: (sql, streamOptions) => streamBatches(sessions, sql, streamOptions),
    arrow: (sql, queryOptions) => resultToArrow(sessions, sql, queryOptions),
    fingerprint: (source, fingerprintOptions = {}) => fingerprintSource(sessions, source, fingerprintOptions),
  };
}
