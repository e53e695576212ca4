import type { PoolClient, QueryArrayResult } from "pg";
import type { CellValue } from "../../engine.js";
import { uniqueNames } from "../../values/records.js";
import { bindParameter } from "./parameters.js";
import type { TypeCatalog } from "./type-catalog.js";
import { cellParser } from "./values.js";

/** Rows as arrays of cells, with the names and types of the columns. */
export interface CellRows {
  readonly names: readonly string[];
  readonly oids: readonly number[];
  readonly rows: readonly (readonly CellValue[])[];
}

const asText = { getTypeParser: () => (text: string) => text };

/** Runs one statement on a session, or several without parameters; the rows are those of the last. */
export async function runStatement(
  client: PoolClient,
  catalog: TypeCatalog,
  sql: string,
  parameters: readonly CellValue[] = [],
): Promise<CellRows> {
  const values = parameters.map(bindParameter);
  const results: QueryArrayResult | QueryArrayResult[] = await client.query({
    text: sql,
    rowMode: "array",
    types: asText,
    ...(values.length > 0 && { values }),
  });
  const result = Array.isArray(results) ? (results.at(-1) as QueryArrayResult) : results;
  const oids = result.fields.map((field) => field.dataTypeID);
  const parsers = oids.map((oid) => cellParser(oid, catalog));
  const rows = (result.rows as (string | null)[][]).map((row) =>
    row.map((text, index) => (text === null ? null : (parsers[index] as (text: string) => CellValue)(text))),
  );
  return { names: uniqueNames(result.fields.map((field) => field.name)), oids, rows };
}
