import type { Dialect } from "./dialect.js";
import { boundText, join, sql, text } from "./fragment.js";

const types = {
  integer: "BIGINT",
  decimal: "HUGEINT",
  double: "DOUBLE",
  text: "VARCHAR",
  boolean: "BOOLEAN",
  date: "DATE",
  timestamp: "TIMESTAMP",
} as const;

export const duckdbDialect: Dialect = {
  maxSelectEntries: 20_000,
  maxMergedQueries: 4,
  groupsColumnsApart: true,
  cast: (parameter, type) => `CAST(${parameter} AS ${types[type]})`,
  // Half the time of count(*) FILTER (10,000,000 doubles: 0.10 and 0.17 s).
  countWhere: (condition) => sql`count_if(${condition})`,
  // A function of one dictionary-encoded column runs once for each entry of the dictionary; IN does not (0.04 and 0.47 s).
  inList: (expression, values) => sql`list_contains([${join(values, ", ")}], ${expression})`,
  matches: (expression, pattern, ignoreCase) =>
    sql`regexp_matches(${expression}, ${boundText(ignoreCase ? `(?i)${pattern}` : pattern)})`,
  contains: (expression, needle) => sql`contains(${expression}, ${needle})`,
  startsWith: (expression, start) => sql`starts_with(${expression}, ${start})`,
  endsWith: (expression, end) => sql`ends_with(${expression}, ${end})`,
  textLength: (expression) => sql`length(${expression})`,
  toDouble: (expression) => sql`CAST(${expression} AS DOUBLE)`,
  toText: (expression) => sql`CAST(${expression} AS VARCHAR)`,
  md5: (written) => sql`md5(${written})`,
  epochSeconds: (expression) => sql`epoch(${expression})`,
  distinctIntegers: (expression, least, most) =>
    sql`bit_count(bitstring_agg(${expression}, ${text(String(least))}, ${text(String(most))}))`,
  approximateDistinct: (expression) => sql`approx_count_distinct(${expression})`,
};
