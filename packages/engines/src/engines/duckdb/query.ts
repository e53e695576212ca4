import type { CellValue, QueryOptions } from "../../engine.js";
import { recordMaker } from "../../values/records.js";
import { type Connections, interruptible } from "./connections.js";
import { bindParameters } from "./parameters.js";
import { toCell } from "./values.js";

/** All rows of the last statement. */
export async function queryRows(
  connections: Connections,
  sql: string,
  options: QueryOptions = {},
): Promise<Record<string, CellValue>[]> {
  options.signal?.throwIfAborted();
  const connection = await connections.lend();
  try {
    return await interruptible(connections, connection, options.signal, async () => {
      const { values, types } = bindParameters(options.parameters ?? []);
      const result = values.length === 0 ? await connection.run(sql) : await connection.run(sql, values, types);
      const makeRow = recordMaker<CellValue>(result.deduplicatedColumnNames());
      const rows: Record<string, CellValue>[] = [];
      for (const chunk of await result.fetchAllChunks()) {
        for (const row of chunk.getRows()) rows.push(makeRow(row.map(toCell)));
      }
      return rows;
    });
  } finally {
    connections.giveBack(connection);
  }
}
