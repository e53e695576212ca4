import type { CellValue, QueryOptions } from "../../engine.js";
import { recordMaker } from "../../values/records.js";
import { interruptible, type Sessions } from "./connections.js";
import { runStatement } from "./run-statement.js";
import { beginInSnapshot } from "./snapshots.js";

/** All rows of the last statement. */
export async function queryRows(
  connections: Sessions,
  sql: string,
  options: QueryOptions = {},
): Promise<Record<string, CellValue>[]> {
  options.signal?.throwIfAborted();
  const session = await connections.lend();
  const { client, catalog } = session;
  const { snapshot } = connections;
  let broken = true;
  try {
    const { names, rows } = await interruptible(connections, client, options.signal, async () => {
      if (snapshot !== null) await beginInSnapshot(session, snapshot);
      const result = await runStatement(client, catalog, sql, options.parameters);
      if (snapshot !== null) await runStatement(client, catalog, "COMMIT");
      return result;
    });
    broken = false;
    return rows.map(recordMaker<CellValue>(names));
  } finally {
    // A failed statement may have left a transaction open.
    connections.giveBack(client, broken);
  }
}
