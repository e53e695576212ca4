import type { Dialect } from "./dialect.js";
import { boundText, join, sql } from "./fragment.js";

const types = {
  integer: "int8",
  decimal: "numeric",
  double: "float8",
  text: "text",
  boolean: "boolean",
  date: "date",
  timestamp: "timestamp",
} as const;

export const postgresDialect: Dialect = {
  // A target list has at most 1,664 entries.
  maxSelectEntries: 1_600,
  maxMergedQueries: 16,
  groupsColumnsApart: false,
  cast: (parameter, type) => `CAST(${parameter} AS ${types[type]})`,
  countWhere: (condition) => sql`count(CASE WHEN ${condition} THEN 1 END)`,
  inList: (expression, values) => sql`(${expression} IN (${join(values, ", ")}))`,
  matches: (expression, pattern, ignoreCase) =>
    ignoreCase ? sql`(${expression} ~* ${boundText(pattern)})` : sql`(${expression} ~ ${boundText(pattern)})`,
  contains: (expression, needle) => sql`(strpos(${expression}, ${needle}) > 0)`,
  startsWith: (expression, start) => sql`starts_with(${expression}, ${start})`,
  endsWith: (expression, end) => sql`(right(${expression}, length(${end})) = ${end})`,
  textLength: (expression) => sql`length(${expression})`,
  toDouble: (expression) => sql`CAST(${expression} AS float8)`,
  toText: (expression) => sql`CAST(${expression} AS text)`,
  md5: (written) => sql`md5(${written})`,
  epochSeconds: (expression) => sql`CAST(extract(epoch FROM ${expression}) AS float8)`,
  distinctIntegers: null,
  approximateDistinct: null,
};
