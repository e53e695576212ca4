import type { Dialect } from "../sql/dialect.js";
import { bound, boundText, type Fragment, join, sql, text } from "../sql/fragment.js";
import { numeric, type TypeFamily } from "../sql/type-family.js";
import type { CommonColumn } from "./columns.js";

/**
 * The first hexadecimal digits of the MD5 of a text of the columns that is the same on every engine for equal values. It
 * need not tell different values apart: those only share a bucket.
 */
export function bucketOf(
  columns: readonly CommonColumn[],
  side: "before" | "after",
  dialect: Dialect,
  digits: number,
): Fragment {
  const parts = columns.map((column) => {
    const { before, after } = column;
    const value = column[side].sql;
    const family: TypeFamily = before.family === "integer" && after.family === "integer" ? "integer" : column.family;
    return sql`coalesce(${portableText(value, family, dialect)}, '~')`;
  });
  return sql`substr(${dialect.md5(parts.length === 0 ? text("''") : join(parts, " || ',' || "))}, 1, ${text(String(digits))})`;
}

function portableText(value: Fragment, family: TypeFamily, dialect: Dialect): Fragment {
  if (family === "integer" || family === "text" || family === "date" || family === "boolean")
    return dialect.toText(value);
  if (numeric.includes(family)) {
    const double = dialect.toDouble(value);
    return sql`CASE WHEN ${value} IS NULL THEN NULL WHEN abs(${double}) < ${bound(1e15, "double")} THEN ${dialect.toText(sql`CAST(floor(${double}) AS BIGINT)`)} ELSE 'x' END`;
  }
  if (family === "timestamp") return dialect.toText(sql`CAST(floor(${dialect.epochSeconds(value)}) AS BIGINT)`);
  return sql`CASE WHEN ${value} IS NULL THEN NULL ELSE ${boundText("x")} END`;
}
