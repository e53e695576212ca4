import { DeepwrightError } from "@deepwright/core";
import type { BatchStatement, InsertColumn, InsertOptions } from "../store.js";
import { encodeColumn, normalizeType } from "./encode-column.js";
import { quoteIdentifier, quoteTable } from "./quote-identifier.js";

/** Rows a statement: keeps one message to a few megabytes. */
const rowsPerStatement = 32_768;

/**
 * The statements that insert columns through `unnest`, ready for {@link SqlExecutor.batch}; one for each 32,768 rows,
 * none for no rows.
 *
 * @param table name, quoted here; `schema.table` is two names
 * @param columns name -> element type and values, all of one length
 * @throws DeepwrightError `INVALID_COLUMN` for columns of different lengths, no columns or a wrong type's name;
 *   `TEXT_WITH_NUL` for text that Postgres can't hold
 *
 * @example
 * ```ts
 * const [statement] = insertStatements("point", { step: { type: "int8", values: [1, 2] } });
 * console.log(statement?.text);
 * // insert into "point" ("step") select c1 from unnest($1::int8[]) as u(c1)
 * ```
 */
export function insertStatements(
  table: string,
  columns: Readonly<Record<string, InsertColumn>>,
  options: InsertOptions = {},
): BatchStatement[] {
  const entries = Object.entries(columns).map(([name, { type, values }]) => ({
    name,
    type: normalizeType(type),
    values,
  }));
  const length = checkLengths(table, entries);
  const names = entries.map(({ name }) => quoteIdentifier(name)).join(", ");
  // unnest would take an array of arrays apart down to its scalars, so arrays travel as their text.
  const selected = entries
    .map(({ type }, index) => `c${index + 1}${type.endsWith("[]") ? `::${type}` : ""}`)
    .join(", ");
  const casts = entries.map(({ type }, index) => `$${index + 1}::${type.endsWith("[]") ? "text" : type}[]`).join(", ");
  const aliases = entries.map((_, index) => `c${index + 1}`).join(", ");
  const conflict = options.onConflict === undefined ? "" : ` on conflict ${options.onConflict}`;
  const text = `insert into ${quoteTable(table)} (${names}) select ${selected} from unnest(${casts}) as u(${aliases})${conflict}`;
  const statements: BatchStatement[] = [];
  for (let from = 0; from < length; from += rowsPerStatement) {
    const to = Math.min(length, from + rowsPerStatement);
    const parameters = entries.map(({ type, values }) => {
      const encoded = encodeColumn(type, values, from, to);
      return typeof encoded === "string" ? encoded : { wire: encoded };
    });
    statements.push({ text, parameters });
  }
  return statements;
}

function checkLengths(table: string, entries: readonly { name: string; values: ArrayLike<unknown> }[]): number {
  const [first, ...others] = entries;
  if (first === undefined) throw invalidColumn(`at least one column for ${table}`, "none");
  const odd = others.find(({ values }) => values.length !== first.values.length);
  if (odd === undefined) return first.values.length;
  throw invalidColumn(
    `as many values in column ${odd.name} as in ${first.name} (${first.values.length})`,
    String(odd.values.length),
  );
}

function invalidColumn(expected: string, got: string): DeepwrightError {
  return new DeepwrightError({
    code: "INVALID_COLUMN",
    expected,
    got,
    todo: "Give every column of the insert the same number of values.",
  });
}
