import { type RecordBatch, type Schema, tableFromIPC } from "apache-arrow";
import type { CellValue, QueryOptions } from "../../engine.js";
import { engineClosed } from "../../errors.js";
import type { FileViews } from "./file-views.js";
import type { SparkSession } from "./session.js";

/** A session, and the files that statements may name. */
export interface Spark {
  readonly session: SparkSession;
  readonly views: FileViews;
}

/** A message of the server: its schema, and record batches. */
export interface ResultPart {
  readonly schema: Schema;
  readonly batches: readonly RecordBatch[];
}

/** The result of a statement in parts as the server computes them. */
export async function* resultParts(
  { session, views }: Spark,
  sql: string,
  options: QueryOptions = {},
): AsyncGenerator<ResultPart, void, undefined> {
  options.signal?.throwIfAborted();
  if (session.closed) throw engineClosed();
  const parameters: readonly CellValue[] = options.parameters ?? [];
  await views.refresh(session, sql, options.signal);
  for await (const bytes of session.execute(sql, parameters, options.signal)) {
    const { schema, batches } = tableFromIPC(bytes);
    yield { schema, batches };
  }
}
