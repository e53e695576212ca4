import type { PoolClient } from "pg";
import type { Batch, CellValue, QueryOptions } from "../../engine.js";
import { recordMaker } from "../../values/records.js";
import { interruptible, type Sessions } from "./connections.js";
import { type CellRows, runStatement } from "./run-statement.js";
import { beginInSnapshot } from "./snapshots.js";
import type { PostgresType } from "./type-catalog.js";

/** Rows of a batch when the caller asks for no other number. */
const defaultBatchSize = 2048;

export interface StreamOptions extends QueryOptions {
  readonly batchSize?: number;
  /** Told the columns before the first batch, and types with a way to look up those of their elements. */
  readonly onColumns?: (
    names: readonly string[],
    oids: readonly number[],
    typeOf: (oid: number) => PostgresType,
  ) => void;
  /** Told an identifier of the state of the database that all batches show. */
  readonly onSnapshot?: (snapshot: string) => void;
}

/** Batches through a server-side cursor in a read-only transaction: the server keeps what was not asked for yet. */
export async function* streamBatches(
  connections: Sessions,
  sql: string,
  options: StreamOptions = {},
): AsyncGenerator<Batch, void, undefined> {
  const { signal } = options;
  const batchSize = Math.max(1, Math.floor(options.batchSize ?? defaultBatchSize));
  signal?.throwIfAborted();
  const session = await connections.lend();
  const { client, catalog } = session;
  const { snapshot } = connections;
  const run = (text: string, parameters?: readonly CellValue[]): Promise<CellRows> =>
    interruptible(connections, client, signal, () => runStatement(client, catalog, text, parameters));
  let broken = true;
  try {
    if (snapshot === null) await run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    else await interruptible(connections, client, signal, () => beginInSnapshot(session, snapshot));
    await run(`DECLARE batches NO SCROLL CURSOR FOR ${sql.replace(/[;\s]+$/, "")}`, options.parameters);
    if (options.onSnapshot) {
      const { rows } = await run("SELECT pg_catalog.pg_current_snapshot()::text");
      options.onSnapshot(String(rows[0]?.[0]));
    }
    let told = false;
    for (;;) {
      const { names, oids, rows } = await run(`FETCH FORWARD ${batchSize} FROM batches`);
      if (!told) options.onColumns?.(names, oids, catalog);
      told = true;
      if (rows.length > 0) yield toBatch(names, rows);
      if (rows.length < batchSize) break;
    }
    await run("COMMIT");
    broken = false;
  } finally {
    if (broken) broken = !(await rollBack(client));
    connections.giveBack(client, broken);
  }
}

/** True when the session can be used again. */
async function rollBack(client: PoolClient): Promise<boolean> {
  try {
    await client.query("ROLLBACK");
    return true;
  } catch {
    return false;
  }
}

function toBatch(names: readonly string[], rows: readonly (readonly CellValue[])[]): Batch {
  const columns = names.map((_, index) => rows.map((row) => row[index] as CellValue));
  return { rowCount: rows.length, columns: recordMaker<readonly CellValue[]>(names)(columns) };
}
