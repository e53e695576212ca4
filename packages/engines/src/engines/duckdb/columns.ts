import type { Column, DataSource, QueryOptions } from "../../engine.js";
import type { Connections } from "./connections.js";
import { queryRows } from "./query.js";
import { fromClause } from "./sources.js";

export async function describeColumns(
  connections: Connections,
  source: DataSource,
  options: QueryOptions = {},
): Promise<Column[]> {
  const rows = await queryRows(connections, `DESCRIBE SELECT * FROM ${fromClause(source)}`, options);
  return rows.map((row) => ({
    name: String(row.column_name),
    type: String(row.column_type).toLowerCase(),
    nullable: row.null !== "NO",
  }));
}
