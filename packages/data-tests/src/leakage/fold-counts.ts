import type { ColumnReference } from "../planner/context.js";
import { type Fragment, join, sql, text } from "../sql/fragment.js";
import { figure, type OpenTable, type Questions } from "../sql/open-table.js";
import { numeric, temporal } from "../sql/type-family.js";

/** Rows of one fold whose value had the same counts in all other folds: they get the same prediction. */
export interface FoldGroup {
  readonly fold: string;
  /** Rows and sum of the target with the same value in the other folds. */
  readonly rowsOutside: number;
  readonly sumOutside: number;
  readonly rows: number;
  readonly sum: number;
  readonly sumOfSquares: number;
}

/** How values are taken together before the target is counted. */
export type Grouping = { readonly by: "value" } | { readonly by: "quantile"; readonly bins: number };

/** Fold of a row: the first digit of the MD5 of its key; without a key of all its values and which of the equal rows it is. */
export function foldOf(table: OpenTable, key: readonly ColumnReference[]): Fragment {
  const { dialect } = table;
  const parts = (key.length === 0 ? table.columns : key).map(
    (column) => sql`coalesce(${dialect.toText(column.sql)}, '~')`,
  );
  const whole = dialect.md5(join(parts, " || ',' || "));
  if (key.length > 0) return sql`substr(${whole}, 1, 1)`;
  // Equal rows must be spread: the target is among their values, and a fold of one class tells nothing.
  const place = dialect.toText(sql`row_number() OVER (PARTITION BY ${whole} ORDER BY ${whole})`);
  return sql`substr(${dialect.md5(sql`${whole} || ${place}`)}, 1, 1)`;
}

/**
 * Counts of the target by value (or quantile bin) within and outside of each fold, for cross-fitting: what a row is predicted from never
 * holds the row itself. The engine merges groups that get the same prediction, so a column of a million identifiers gives few rows.
 *
 * @param target SQL of the target as a double, NULL for rows to leave out
 */
export async function foldCounts(
  questions: Questions,
  table: OpenTable,
  column: ColumnReference,
  target: Fragment,
  fold: Fragment,
  grouping: Grouping,
): Promise<readonly FoldGroup[]> {
  const { dialect } = table;
  const value =
    grouping.by === "value"
      ? dialect.toText(column.sql)
      : temporal.includes(column.family)
        ? dialect.epochSeconds(column.sql)
        : dialect.toDouble(column.sql);
  const rows = sql`SELECT ${value} AS v, ${fold} AS f, ${target} AS y FROM ${table.rows("data")}`;
  const counted = sql`SELECT v, f, count(*) AS n, sum(y) AS s, sum(y * y) AS q FROM (${rows}) AS fit_rows WHERE y IS NOT NULL GROUP BY v, f`;
  const grouped = grouping.by === "value" ? counted : quantileGroups(counted, grouping.bins, column, table);
  const outside = sql`SELECT f, n, s, q, sum(n) OVER (PARTITION BY v) - n AS n_out, sum(s) OVER (PARTITION BY v) - s AS s_out FROM (${grouped}) AS grouped`;
  const found = await questions.rows(
    table,
    sql`SELECT f, n_out, s_out, sum(n) AS n, sum(s) AS s, sum(q) AS q FROM (${outside}) AS outside_folds GROUP BY f, n_out, s_out`,
  );
  return found.map((row) => ({
    fold: String(row.f),
    rowsOutside: figure(row, "n_out"),
    sumOutside: figure(row, "s_out"),
    rows: figure(row, "n"),
    sum: figure(row, "s"),
    sumOfSquares: figure(row, "q"),
  }));
}

/** Equal values stay together; NULL and NaN are groups of their own, and both infinities are ends of the order. */
function quantileGroups(counted: Fragment, bins: number, column: ColumnReference, { dialect }: OpenTable): Fragment {
  const notANumber =
    numeric.includes(column.family) && column.family !== "integer"
      ? sql`v = ${dialect.toDouble(text("'NaN'"))}`
      : text("FALSE");
  const kind = sql`CASE WHEN v IS NULL THEN -2 WHEN ${notANumber} THEN -1 ELSE 0 END`;
  const kinds = sql`SELECT v, f, n, s, q, ${kind} AS kind FROM (${counted}) AS counted`;
  const part = text("PARTITION BY kind");
  const running = sql`SELECT f, n, s, q, kind, ${dialect.toDouble(sql`sum(n) OVER (${part} ORDER BY v)`)} AS below, ${dialect.toDouble(sql`sum(n) OVER (PARTITION BY kind, v)`)} AS here, ${dialect.toDouble(sql`sum(n) OVER (${part})`)} AS total FROM (${kinds}) AS kinds`;
  const bin = sql`CASE WHEN kind < 0 THEN kind ELSE floor(${text(String(bins))} * (below - here / 2) / total) END`;
  return sql`SELECT v, f, sum(n) AS n, sum(s) AS s, sum(q) AS q FROM (SELECT ${bin} AS v, f, n, s, q FROM (${running}) AS running) AS binned GROUP BY v, f`;
}
