import { join, sql, whole } from "../fragment.js";
import type { Dialect } from "./dialect.js";

const types = {
  integer: "BIGINT",
  double: "DOUBLE",
  text: "VARCHAR",
  boolean: "BOOLEAN",
  date: "DATE",
  timestamp: "TIMESTAMP",
} as const;

export const duckdbDialect: Dialect = {
  cast: (parameter, type) => `CAST(${parameter} AS ${types[type]})`,
  // Every integer and decimal of DuckDB has at most 39 digits.
  double: (expression, family) =>
    family === "double"
      ? sql`(CASE WHEN isnan(${expression}) THEN NULL ELSE CAST(${expression} AS DOUBLE) END)`
      : sql`CAST(${expression} AS DOUBLE)`,
  integer: (expression) => sql`TRY_CAST(${expression} AS BIGINT)`,
  wholeAsDouble: (expression) => sql`CAST(${expression} AS DOUBLE)`,
  // Sums of BIGINT are HUGEINT.
  exactSum: (expression) => sql`sum(${expression})`,
  toText: (expression) => sql`CAST(${expression} AS VARCHAR)`,
  scatter: (salt, values) => sql`hash(${join([whole(salt), ...values], ", ")})`,
};
