import type { Dialect } from "./dialect.js";
import { boundText, join, sql } from "./fragment.js";

const types = {
  integer: "BIGINT",
  decimal: "DECIMAL(38,0)",
  double: "DOUBLE",
  text: "STRING",
  boolean: "BOOLEAN",
  date: "DATE",
  timestamp: "TIMESTAMP_NTZ",
} as const;

export const sparkDialect: Dialect = {
  maxSelectEntries: 1_000,
  maxMergedQueries: 16,
  groupsColumnsApart: false,
  cast: (parameter, type) => `CAST(${parameter} AS ${types[type]})`,
  countWhere: (condition) => sql`count_if(${condition})`,
  inList: (expression, values) => sql`(${expression} IN (${join(values, ", ")}))`,
  matches: (expression, pattern, ignoreCase) =>
    // Java's `$` also stands before a last line break.
    sql`rlike(${expression}, ${boundText(`${ignoreCase ? "(?i)" : ""}${pattern.replace(/(?<!\\)\$/g, "\\z")}`)})`,
  contains: (expression, needle) => sql`contains(${expression}, ${needle})`,
  startsWith: (expression, start) => sql`startswith(${expression}, ${start})`,
  endsWith: (expression, end) => sql`endswith(${expression}, ${end})`,
  textLength: (expression) => sql`char_length(${expression})`,
  toDouble: (expression) => sql`CAST(${expression} AS DOUBLE)`,
  toText: (expression) => sql`CAST(${expression} AS STRING)`,
  md5: (written) => sql`md5(CAST(${written} AS BINARY))`,
  epochSeconds: (expression) => sql`(unix_micros(CAST(${expression} AS TIMESTAMP)) / 1e6D)`,
  distinctIntegers: null,
  approximateDistinct: (expression) => sql`approx_count_distinct(${expression})`,
};
