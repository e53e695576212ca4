import { invalidArgument, queryRefused } from "./errors.js";
import { all, type BoundType, bound, type Fragment, join, sql, text } from "./fragment.js";
import type { OpenColumn } from "./open-data-set.js";

/** What a value is compared with. Dates are `YYYY-MM-DD`, timestamps ISO 8601. */
export type Literal = string | number | bigint | boolean;

/** Which rows take part. A comparison with a missing value is not true, and its negation is not true either. */
export type Filter =
  | { readonly column: string; readonly is: "=" | "<>" | "<" | "<=" | ">" | ">="; readonly value: Literal }
  | { readonly column: string; readonly is: "in"; readonly values: readonly Literal[] }
  | { readonly column: string; readonly is: "missing" | "present" }
  | { readonly all: readonly Filter[] }
  | { readonly any: readonly Filter[] }
  | { readonly not: Filter };

const operators = new Set(["=", "<>", "<", "<=", ">", ">="]);
const deepest = 64;

/** A literal as a column's values are compared with it. @throws DeepwrightError `INVALID_ARGUMENT` */
export function boundLiteral(value: Literal, column: OpenColumn): Fragment {
  const wrong = (expected: string): never => {
    throw invalidArgument(
      `${expected} to compare ${JSON.stringify(column.name)} with`,
      typeof value === "string" ? JSON.stringify(value) : value,
    );
  };
  const as = (type: BoundType): Fragment => bound(value, type);
  switch (column.family) {
    case "integer":
      if (typeof value === "bigint" && BigInt.asIntN(64, value) === value) return as("integer");
      if (typeof value === "number" && Number.isSafeInteger(value)) return as("integer");
      return wrong("a 64-bit integer");
    case "decimal":
    case "double":
      return typeof value === "number" && Number.isFinite(value) ? as("double") : wrong("a finite number");
    case "boolean":
      return typeof value === "boolean" ? as("boolean") : wrong("true or false");
    case "date":
      return typeof value === "string" && isDay(value) ? as("date") : wrong("a day such as 2026-01-31");
    case "timestamp":
      return typeof value === "string" && isTime(value) ? as("timestamp") : wrong("a time such as 2026-01-31T10:00:00");
    case "text":
      return typeof value === "string" && !value.includes("\0") ? as("text") : wrong("a text without NUL");
    default:
      return wrong("a column whose type can be compared");
  }
}

function isDay(value: string): boolean {
  if (!/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(value) || value.startsWith("0000")) return false;
  const day = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(value);
}

const isTime = (value: string): boolean =>
  /^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,6})?$/.test(value) &&
  isDay(value.slice(0, 10));

/**
 * A filter as a condition that no row can make fail: values are compared in the column's own type, and decimals and
 * doubles as doubles.
 *
 * @throws DeepwrightError `INVALID_ARGUMENT`, `COLUMN_MISSING`, `COLUMN_TYPE_INVALID`
 */
export function filterCondition(filter: Filter, column: (name: string) => OpenColumn, depth = 0): Fragment {
  if (depth > deepest) throw invalidArgument(`a filter of at most ${deepest} levels`, "a deeper one");
  const inner = (part: Filter): Fragment => filterCondition(part, column, depth + 1);
  if ("all" in filter) return all(filter.all.map(inner));
  if ("any" in filter) return filter.any.length === 0 ? text("FALSE") : sql`(${join(filter.any.map(inner), " OR ")})`;
  if ("not" in filter) return sql`(NOT ${inner(filter.not)})`;
  const found = column(filter.column);
  if (found.family === "other") {
    throw queryRefused(
      "COLUMN_TYPE_INVALID",
      `${JSON.stringify(found.name)} to be of a type that can be compared`,
      found.type,
      "Filter by another column",
    );
  }
  if (filter.is === "missing") return sql`(${found.comparable} IS NULL)`;
  if (filter.is === "present") return sql`(${found.comparable} IS NOT NULL)`;
  if (filter.is === "in") {
    if (filter.values.length === 0) return text("FALSE");
    const values = filter.values.map((value) => boundLiteral(value, found));
    return sql`(${found.comparable} IN (${join(values, ", ")}))`;
  }
  if (!operators.has(filter.is) || !("value" in filter))
    throw invalidArgument("a comparison such as = or <", JSON.stringify(filter.is));
  return sql`(${found.comparable} ${text(filter.is)} ${boundLiteral(filter.value, found)})`;
}
