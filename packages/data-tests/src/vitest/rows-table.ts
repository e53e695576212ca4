import type { CellValue, DataSource, QueryEngine } from "@deepwright/engines";
import { argumentInvalid } from "../sql/open-table.js";

/** A value of a row in a test. */
export type RowValue = CellValue | Date | undefined;
export type PlainRow = Readonly<Record<string, RowValue>>;

const rowsOfInsert = 500;

/** Puts rows of a program into a table of DuckDB; the types of the columns are those of their values. */
export async function tableOfRows(engine: QueryEngine, rows: readonly PlainRow[], name: string): Promise<DataSource> {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  if (columns.length === 0) {
    throw argumentInvalid("rows with columns", `${rows.length} rows without any`, "Give at least one row, or a file.");
  }
  const types = columns.map((column) =>
    typeOfValues(
      rows.map((row) => row[column]),
      column,
    ),
  );
  const table = engine.quoteIdentifier(name);
  const definitions = columns.map((column, index) => `${engine.quoteIdentifier(column)} ${types[index]}`);
  await engine.query(`CREATE TABLE ${table} (${definitions.join(", ")})`);
  for (let start = 0; start < rows.length; start += rowsOfInsert) {
    const chunk = rows.slice(start, start + rowsOfInsert);
    const tuples = chunk.map((_, row) => {
      const places = types.map((type, index) => `CAST($${row * columns.length + index + 1} AS ${type})`);
      return `(${places.join(", ")})`;
    });
    const parameters = chunk.flatMap((row) => columns.map((column) => cellOf(row[column])));
    await engine.query(`INSERT INTO ${table} VALUES ${tuples.join(", ")}`, { parameters });
  }
  return { kind: "table", name };
}

function cellOf(value: RowValue): CellValue {
  if (value === undefined) return null;
  return value instanceof Date ? value.toISOString() : value;
}

function typeOfValues(values: readonly RowValue[], column: string): string {
  const types = new Set(values.filter((value) => value !== null && value !== undefined).map(typeOf));
  if (types.size === 0) return "VARCHAR";
  if (types.has("DOUBLE") && types.has("BIGINT")) types.delete("BIGINT");
  if (types.has("HUGEINT") && types.has("BIGINT")) types.delete("BIGINT");
  const [type] = types;
  if (types.size === 1 && type !== undefined && type !== "") return type;
  throw argumentInvalid(
    `${JSON.stringify(column)} to hold values of one type: numbers, texts, booleans, dates, bigints or bytes`,
    types.has("") ? "lists or objects" : `${[...types].join(" and ")}`,
    "Give values of one type.",
  );
}

function typeOf(value: RowValue): string {
  if (typeof value === "number") return Number.isSafeInteger(value) && !Object.is(value, -0) ? "BIGINT" : "DOUBLE";
  if (typeof value === "bigint") return "HUGEINT";
  if (typeof value === "string") return "VARCHAR";
  if (typeof value === "boolean") return "BOOLEAN";
  if (value instanceof Date) return "TIMESTAMP";
  return value instanceof Uint8Array ? "BLOB" : "";
}
