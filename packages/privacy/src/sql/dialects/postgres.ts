import { join, sql, whole } from "../fragment.js";
import type { Dialect } from "./dialect.js";

const types = {
  integer: "int8",
  double: "float8",
  text: "text",
  boolean: "boolean",
  date: "date",
  timestamp: "timestamp",
} as const;

export const postgresDialect: Dialect = {
  cast: (parameter, type) => `CAST(${parameter} AS ${types[type]})`,
  double(expression, family) {
    if (family === "double") return sql`nullif(CAST(${expression} AS float8), 'NaN'::float8)`;
    if (family === "integer") return sql`CAST(${expression} AS float8)`;
    // A numeric may have 131,072 digits, and its cast fails above and below what a double holds.
    const value = sql`nullif(${expression}, 'NaN'::numeric)`;
    return sql`(CASE WHEN ${value} >= 1e300 THEN 1e300::float8 WHEN ${value} <= -1e300 THEN -1e300::float8 WHEN abs(${value}) < 1e-300 THEN 0::float8 ELSE CAST(${value} AS float8) END)`;
  },
  integer: (expression) => sql`CAST(${expression} AS int8)`,
  wholeAsDouble: (expression) => sql`CAST(${expression} AS float8)`,
  // Sums of int8 are numeric.
  exactSum: (expression) => sql`sum(${expression})`,
  toText: (expression) => sql`CAST(${expression} AS text)`,
  scatter: (salt, values) =>
    sql`hashtextextended(concat_ws(chr(31), ${join(
      values.map((value) => sql`CAST(${value} AS text)`),
      ", ",
    )}), ${whole(salt)})`,
};
