import type { ColumnReference } from "../planner/context.js";
import { bound, type Fragment, sql, text } from "../sql/fragment.js";
import { figure, type OpenTable, type Questions } from "../sql/open-table.js";
import { temporal } from "../sql/type-family.js";
import type { PairCount } from "./drift-effects.js";

/** The same column on the two sides. */
export interface ColumnPair {
  readonly left: OpenTable;
  readonly right: OpenTable;
  readonly before: ColumnReference;
  readonly after: ColumnReference;
}

export interface NumberBin extends PairCount {
  readonly low: number;
  readonly high: number;
}

export interface NumberComparison {
  readonly rows: PairCount;
  readonly missing: PairCount;
  /** NaN, infinite, or beyond what squares can hold. */
  readonly unusable: PairCount;
  readonly usable: PairCount;
  /** By ascending values. */
  readonly bins: readonly NumberBin[];
  /** Two-sample Kolmogorov-Smirnov statistic. */
  readonly statistic: number;
  /** Area between the distribution functions, in the column's unit. */
  readonly area: number;
  /** Standard deviation of the usable values of `before`. */
  readonly deviation: number;
}

/** The squares of so great values, summed over 1e27 rows, are still doubles. */
const most = 1e140;

/**
 * All in one statement: the values of both sides counted by value, the distribution functions as running sums over them, and the
 * bins by the middle of each value's step in the reference's function, so that equal values are never parted.
 */
export async function compareNumbers(questions: Questions, pair: ColumnPair, bins: number): Promise<NumberComparison> {
  const side = (table: OpenTable, column: ColumnReference, b: string, a: string): Fragment => {
    const { dialect } = table;
    const x = temporal.includes(column.family) ? dialect.epochSeconds(column.sql) : dialect.toDouble(column.sql);
    return sql`SELECT CASE WHEN ${x} BETWEEN ${bound(-most, "double")} AND ${bound(most, "double")} THEN ${x} END AS x, CASE WHEN ${column.sql} IS NULL THEN 1 ELSE 0 END AS gone, ${text(b)} AS b, ${text(a)} AS a FROM ${table.rows("side")}`;
  };
  const { dialect } = pair.left;
  const both = sql`${side(pair.left, pair.before, "1", "0")} UNION ALL ${side(pair.right, pair.after, "0", "1")}`;
  const double = (written: string): Fragment => dialect.toDouble(text(written));
  const steps = sql`SELECT x, gone, sum(b) AS b, sum(a) AS a FROM (${both}) AS both_sides GROUP BY x, gone`;
  // NULL is no value, so the rows without a usable one are a part of their own for the windows.
  const part = text("PARTITION BY CASE WHEN x IS NULL THEN 1 ELSE 0 END");
  const running = sql`SELECT x, gone, ${double("b")} AS b, ${double("a")} AS a, ${dialect.toDouble(sql`sum(b) OVER (${part} ORDER BY x)`)} AS cb, ${dialect.toDouble(sql`sum(a) OVER (${part} ORDER BY x)`)} AS ca, ${dialect.toDouble(sql`sum(b) OVER (${part})`)} AS n, ${dialect.toDouble(sql`sum(a) OVER (${part})`)} AS m, lead(x) OVER (${part} ORDER BY x) - x AS gap, sum(${double("b")} * x) OVER (${part}) AS total FROM (${steps}) AS steps`;
  const top = text(String(bins - 1));
  const bin = sql`CASE WHEN x IS NULL THEN CASE WHEN gone = 1 THEN -2 ELSE -1 END ELSE coalesce(least(${top}, floor(${text(String(bins))} * (cb - b / 2) / nullif(n, 0))), 0) END`;
  const apart = text("abs(cb / nullif(n, 0) - ca / nullif(m, 0))");
  const centered = text("(x - total / nullif(n, 0))");
  const rows = await questions.rows(
    pair.left,
    sql`SELECT bin, sum(b) AS b, sum(a) AS a, min(x) AS low, max(x) AS high, max(apart) AS statistic, sum(apart * gap) AS area, sum(b * centered * centered) AS squares FROM (SELECT x, b, a, gap, ${bin} AS bin, ${apart} AS apart, ${centered} AS centered FROM (${running}) AS running) AS binned GROUP BY bin`,
  );
  const counts = (place: number): PairCount => {
    const row = rows.find((each) => Number(each.bin) === place) ?? {};
    return { before: figure(row, "b"), after: figure(row, "a") };
  };
  const found = rows.filter((row) => Number(row.bin) >= 0).sort((left, right) => Number(left.bin) - Number(right.bin));
  const total = (name: string): number => found.reduce((sum, row) => sum + figure(row, name), 0);
  const usable = { before: total("b"), after: total("a") };
  const [missing, unusable] = [counts(-2), counts(-1)];
  return {
    rows: {
      before: usable.before + missing.before + unusable.before,
      after: usable.after + missing.after + unusable.after,
    },
    missing,
    unusable,
    usable,
    bins: found.map((row) => ({
      low: figure(row, "low"),
      high: figure(row, "high"),
      before: figure(row, "b"),
      after: figure(row, "a"),
    })),
    statistic: Math.max(0, ...found.map((row) => figure(row, "statistic"))),
    area: total("area"),
    deviation: usable.before > 1 ? Math.sqrt(total("squares") / (usable.before - 1)) : 0,
  };
}
