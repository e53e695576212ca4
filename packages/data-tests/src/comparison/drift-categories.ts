import type { ColumnReference } from "../planner/context.js";
import { type Fragment, sql, text } from "../sql/fragment.js";
import { figure, type OpenTable, type Questions } from "../sql/open-table.js";
import type { DriftBin } from "./drift.js";
import type { PairCount } from "./drift-effects.js";
import type { ColumnPair } from "./drift-numbers.js";

export interface CategoryCounts {
  readonly rows: PairCount;
  readonly missing: PairCount;
  readonly bins: readonly DriftBin[];
}

/** Rows of each category on both sides; beyond the most frequent ones all others are one. */
export async function countCategories(questions: Questions, pair: ColumnPair, most: number): Promise<CategoryCounts> {
  const side = (table: OpenTable, column: ColumnReference, b: string, a: string): Fragment =>
    sql`SELECT ${table.dialect.toText(column.sql)} AS label, ${text(b)} AS b, ${text(a)} AS a FROM ${table.rows("side")}`;
  const both = sql`${side(pair.left, pair.before, "1", "0")} UNION ALL ${side(pair.right, pair.after, "0", "1")}`;
  const counted = sql`SELECT label, sum(b) AS b, sum(a) AS a FROM (${both}) AS both_sides GROUP BY label`;
  // Ties are cut by chance and not by name: names often tell the sides apart.
  const ranked = sql`SELECT label, b, a, row_number() OVER (ORDER BY CASE WHEN label IS NULL THEN 0 ELSE 1 END, b + a DESC, ${pair.left.dialect.md5(text("label"))}) AS place FROM (${counted}) AS counted`;
  const known = text(`place <= ${most}`);
  const rows = await questions.rows(
    pair.left,
    sql`SELECT CASE WHEN ${known} THEN label END AS label, CASE WHEN ${known} THEN 1 ELSE 0 END AS known, sum(b) AS b, sum(a) AS a FROM (${ranked}) AS ranked GROUP BY 1, 2`,
  );
  const bins = rows.map((row) => ({
    label: Number(row.known) === 0 ? "other categories" : row.label === null ? "NULL" : String(row.label),
    isOthers: Number(row.known) === 0,
    isMissing: Number(row.known) === 1 && row.label === null,
    before: figure(row, "b"),
    after: figure(row, "a"),
  }));
  // Most frequent first, the others last.
  const place = (bin: (typeof bins)[number]): number => (bin.isOthers ? -1 : bin.before + bin.after);
  bins.sort((left, right) => place(right) - place(left) || (left.label < right.label ? -1 : 1));
  const none: PairCount = { before: 0, after: 0 };
  const missing = bins.find(({ isMissing }) => isMissing) ?? none;
  return {
    rows: bins.reduce((sum, bin) => ({ before: sum.before + bin.before, after: sum.after + bin.after }), none),
    missing: { before: missing.before, after: missing.after },
    bins: bins.map(({ label, before, after }) => ({ label, before, after })),
  };
}
