import type { EngineCapabilities, QueryEngine } from "../../engine.js";
import type { SparkOptions } from "../../options.js";
import { parseAddress } from "./address.js";
import { resultToArrow } from "./arrow.js";
import { describeColumns } from "./columns.js";
import { namingFile } from "./errors.js";
import { FileViews } from "./file-views.js";
import { fingerprintSource } from "./fingerprint.js";
import { quoteIdentifier } from "./identifiers.js";
import { queryRows } from "./query.js";
import { SparkSession } from "./session.js";
import { streamBatches } from "./stream.js";

/** Memory is the cluster's matter, and each statement stands for itself. */
const capabilities: EngineCapabilities = {
  name: "spark",
  files: true,
  arrow: true,
  writesParquet: true,
  memoryLimit: false,
  transactions: false,
  snapshots: false,
};

/** Opens a session of a Spark Connect server. */
export async function openSpark(options: SparkOptions): Promise<QueryEngine> {
  const session = new SparkSession(parseAddress(options.uri));
  try {
    await session.start();
  } catch (error) {
    await session.close();
    throw error;
  }
  const views = new FileViews();
  const spark = { session, views };
  return {
    capabilities,
    quoteIdentifier,
    fromClause: (source) => views.fromClause(source),
    columns: (source, queryOptions) => namingFile(source, () => describeColumns(spark, source, queryOptions)),
    query: <Row>(sql: string, queryOptions = {}) => queryRows(spark, sql, queryOptions) as Promise<Row[]>,
    stream: (sql, streamOptions) => streamBatches(spark, sql, streamOptions),
    arrow: (sql, queryOptions) => resultToArrow(spark, sql, queryOptions),
    fingerprint: (source, fingerprintOptions = {}) =>
      namingFile(source, () => fingerprintSource(spark, source, fingerprintOptions)),
    close: () => session.close(),
  };
}
