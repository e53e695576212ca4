import type { QueryEngine } from "@deepwright/engines";
import { duckdbDialect } from "./duckdb.js";
import type { BoundType, Fragment } from "./fragment.js";
import { postgresDialect } from "./postgres.js";
import { sparkDialect } from "./spark.js";

/** Everything in which the SQL of the engines differs. Arguments and results are SQL without trailing spaces. */
export interface Dialect {
  /** Entries that one SELECT may have. */
  readonly maxSelectEntries: number;
  /** Groupings and joins that one statement may hold side by side, each with a hash table of its own. */
  readonly maxMergedQueries: number;
  /**
   * Whether a grouping reads no column but its own and costs little beside others, so that one for each column is cheaper than
   * grouping sets, which read the rows once.
   */
  readonly groupsColumnsApart: boolean;
  /** A parameter as a value of a type. */
  cast(parameter: string, type: BoundType): string;
  /** Aggregate: rows in which the condition is true. One call, so that a FILTER clause can follow it. */
  countWhere(condition: Fragment): Fragment;
  /** Value is one of a list of bound values; NULL for NULL. */
  inList(expression: Fragment, values: readonly Fragment[]): Fragment;
  /** Pattern is found in the text. `pattern` is what `portablePattern` gave. */
  matches(expression: Fragment, pattern: string, ignoreCase: boolean): Fragment;
  contains(expression: Fragment, needle: Fragment): Fragment;
  startsWith(expression: Fragment, start: Fragment): Fragment;
  endsWith(expression: Fragment, end: Fragment): Fragment;
  /** Code points. */
  textLength(expression: Fragment): Fragment;
  toDouble(expression: Fragment): Fragment;
  toText(expression: Fragment): Fragment;
  /** MD5 of a text as 32 hexadecimal digits, the same on every engine. */
  md5(text: Fragment): Fragment;
  /** Seconds since 1970 of a date or timestamp, as a double. */
  epochSeconds(expression: Fragment): Fragment;
  /**
   * Aggregate: the number of different integers between two bounds, in one bit for each possible value; `null` where the engine
   * has none such.
   */
  readonly distinctIntegers: ((expression: Fragment, least: number, most: number) => Fragment) | null;
  /** Aggregate: an estimate of the number of different values, for profiles only; `null` where the engine has none. */
  readonly approximateDistinct: ((expression: Fragment) => Fragment) | null;
}

const dialects = { duckdb: duckdbDialect, postgres: postgresDialect, spark: sparkDialect };

export function dialectOf(engine: QueryEngine): Dialect {
  return dialects[engine.capabilities.name];
}
