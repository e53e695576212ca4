import { join } from "node:path";
import type { CellValue, DataSource, QueryEngine } from "@deepwright/engines";

/** Portable names of types; Postgres, DuckDB and Spark know them all but the last two, which are translated. */
export type ColumnTypes = Readonly<
  Record<
    string,
    "INTEGER" | "BIGINT" | "DOUBLE PRECISION" | "VARCHAR" | "BOOLEAN" | "DATE" | "TIMESTAMP" | `DECIMAL(${string})`
  >
>;
export type TableRow = Readonly<Record<string, CellValue>>;
export type WriteTable = (name: string, types: ColumnTypes, rows: readonly TableRow[]) => Promise<DataSource>;

/** Makes tables and fills them with bound values. */
export function tablesOf(engine: QueryEngine): WriteTable {
  return async (name, types, rows) => {
    const columns = Object.entries(types);
    const quoted = engine.quoteIdentifier(name);
    await engine.query(`DROP TABLE IF EXISTS ${quoted}`);
    await engine.query(
      `CREATE TABLE ${quoted} (${columns.map(([column, type]) => `${engine.quoteIdentifier(column)} ${type}`).join(", ")})`,
    );
    for (let start = 0; start < rows.length; start += 500) {
      const chunk = rows.slice(start, start + 500);
      const tuples = chunk.map(
        (_, row) =>
          `(${columns.map(([, type], index) => `CAST($${row * columns.length + index + 1} AS ${type})`).join(", ")})`,
      );
      const parameters = chunk.flatMap((row) => columns.map(([column]) => row[column] ?? null));
      await engine.query(`INSERT INTO ${quoted} VALUES ${tuples.join(", ")}`, { parameters });
    }
    return { kind: "table", name };
  };
}

/** Parquet files for an engine that only reads. */
export function filesOf(duckdb: QueryEngine, folder: string): WriteTable {
  let number = 0;
  return async (name, types, rows) => {
    const table = await tablesOf(duckdb)(name, types, rows);
    number += 1;
    const path = join(folder, `${name}${number}.parquet`);
    await duckdb.query(`COPY (SELECT * FROM ${duckdb.fromClause(table)}) TO $1 (FORMAT parquet)`, {
      parameters: [path],
    });
    return { kind: "file", path };
  };
}
