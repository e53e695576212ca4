import type { QueryEngine } from "@deepwright/engines";
import type { ColumnFamily } from "../column-family.js";
import type { BoundType, Fragment } from "../fragment.js";
import { duckdbDialect } from "./duckdb.js";
import { postgresDialect } from "./postgres.js";
import { sparkDialect } from "./spark.js";

/**
 * Everything in which the private SQL of the engines differs. No expression here can fail on any value of its argument: a
 * statement that fails because of one row tells of that row.
 */
export interface Dialect {
  /** A parameter as a value of a type. */
  cast(parameter: string, type: BoundType): string;
  /** A number of a family as a double; NULL for NULL and NaN. What is beyond doubles may become any value far out. */
  double(expression: Fragment, family: ColumnFamily): Fragment;
  /** A double that is a whole number below 2^53 as a 64-bit integer. */
  integer(expression: Fragment): Fragment;
  /** An integer as a double. */
  wholeAsDouble(expression: Fragment): Fragment;
  /** Aggregate: the sum of 64-bit integers; holds any number of them. */
  exactSum(expression: Fragment): Fragment;
  toText(expression: Fragment): Fragment;
  /** A number in pseudo-random order that depends on nothing else than the salt and the values. */
  scatter(salt: number, values: readonly Fragment[]): Fragment;
}

const dialects = { duckdb: duckdbDialect, postgres: postgresDialect, spark: sparkDialect };

export function dialectOf(engine: QueryEngine): Dialect {
  return dialects[engine.capabilities.name];
}
