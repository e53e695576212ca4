import { join, sql, whole } from "../fragment.js";
import type { Dialect } from "./dialect.js";

const types = {
  integer: "BIGINT",
  double: "DOUBLE",
  text: "STRING",
  boolean: "BOOLEAN",
  date: "DATE",
  timestamp: "TIMESTAMP_NTZ",
} as const;

export const sparkDialect: Dialect = {
  cast: (parameter, type) => `CAST(${parameter} AS ${types[type]})`,
  double: (expression, family) =>
    family === "double"
      ? sql`(CASE WHEN isnan(${expression}) THEN NULL ELSE CAST(${expression} AS DOUBLE) END)`
      : sql`CAST(${expression} AS DOUBLE)`,
  integer: (expression) => sql`try_cast(${expression} AS BIGINT)`,
  wholeAsDouble: (expression) => sql`CAST(${expression} AS DOUBLE)`,
  // Sums of BIGINT overflow.
  exactSum: (expression) => sql`sum(CAST(${expression} AS DECIMAL(28, 0)))`,
  toText: (expression) => sql`CAST(${expression} AS STRING)`,
  scatter: (salt, values) => sql`xxhash64(${join([whole(salt), ...values], ", ")})`,
};
