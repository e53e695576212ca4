import { finite, finiteValue } from "../expectations/row-check.js";
import type { ColumnReference } from "../planner/context.js";
import { bound, boundNumber, boundText, type Fragment, join, sql, text } from "../sql/fragment.js";
import { figure, type OpenTable, type Questions } from "../sql/open-table.js";
import { numeric } from "../sql/type-family.js";
import type { Cell } from "./cell.js";

/** How the rows of a column are told apart: SQL that gives a label for each row, never NULL, and the cell of a label. */
export interface ColumnCells {
  readonly column: ColumnReference;
  readonly label: Fragment;
  cellOf(label: string): Cell;
}

/** Where numbers are cut: thin tails, which a sample hardly holds, and quarters. */
export const usualQuantiles = [0.001, 0.01, 0.25, 0.5, 0.75, 0.99, 0.999] as const;

/** Columns of at most `maxValues` values by value, other numbers by quantiles, and the rest not at all. */
export async function columnCells(
  questions: Questions,
  table: OpenTable,
  columns: readonly ColumnReference[],
  options: { readonly maxValues: number; readonly quantiles: readonly number[] },
): Promise<{ readonly cells: readonly ColumnCells[]; readonly skipped: readonly string[]; readonly rowCount: number }> {
  const list = columns.map(
    ({ sql: value }, index) => sql`count(DISTINCT ${table.dialect.toText(value)}) AS ${text(`n${index}`)}`,
  );
  const counts = await questions.row(
    table,
    sql`SELECT ${join([text("count(*) AS n"), ...list], ", ")} FROM ${table.rows("data")}`,
  );
  const cells: ColumnCells[] = [];
  const skipped: string[] = [];
  for (const [index, column] of columns.entries()) {
    if (figure(counts, `n${index}`) <= options.maxValues) cells.push(byValue(column, table));
    else if (numeric.includes(column.family)) cells.push(await byQuantile(questions, table, column, options.quantiles));
    else skipped.push(column.name);
  }
  return { cells, skipped, rowCount: figure(counts, "n") };
}

function byValue(column: ColumnReference, { dialect }: OpenTable): ColumnCells {
  const written = sql`${boundText("v")} || ${dialect.toText(column.sql)}`;
  const isNumber = numeric.includes(column.family);
  // Engines write zeros of both signs, NaN and the infinities in ways of their own.
  const label = !isNumber
    ? written
    : sql`CASE WHEN ${column.sql} IS NULL THEN NULL WHEN NOT ${finite(column)} THEN ${boundText("not-finite")} WHEN ${column.sql} = ${boundNumber(0)} THEN ${boundText("v0")} ELSE ${written} END`;
  return {
    column,
    label: sql`coalesce(${label}, ${boundText("missing")})`,
    cellOf(found) {
      if (found === "missing" || found === "not-finite") return { is: found };
      const [value, number] = [found.slice(1), Number(found.slice(1))];
      const isExact = isNumber && (column.family !== "integer" || Number.isSafeInteger(number));
      return isExact ? { is: "number", value: number } : { is: "value", value };
    },
  };
}

async function byQuantile(
  questions: Questions,
  table: OpenTable,
  column: ColumnReference,
  quantiles: readonly number[],
): Promise<ColumnCells> {
  const { dialect } = table;
  const value = dialect.toDouble(finiteValue(column));
  const counted = sql`SELECT x, count(*) AS n FROM (SELECT ${value} AS x FROM ${table.rows("data")}) AS finite_values WHERE x IS NOT NULL GROUP BY x`;
  const running = sql`SELECT x, ${dialect.toDouble(text("sum(n) OVER (ORDER BY x)"))} AS below, ${dialect.toDouble(text("sum(n) OVER ()"))} AS total FROM (${counted}) AS counted`;
  // The smallest value of which at least this fraction of rows is not above; the cell above begins with it.
  const list = quantiles.map(
    (quantile, index) =>
      sql`min(CASE WHEN below >= ${bound(quantile, "double")} * total THEN x END) AS ${text(`q${index}`)}`,
  );
  const row = await questions.row(table, sql`SELECT ${join(list, ", ")} FROM (${running}) AS running`);
  const edges = [
    ...new Set(quantiles.flatMap((_, index) => (row[`q${index}`] === null ? [] : [figure(row, `q${index}`)]))),
  ].sort((a, b) => a - b);
  const number = dialect.toDouble(column.sql);
  const whens = edges.map(
    (edge, index) => sql`WHEN ${number} < ${bound(edge, "double")} THEN ${boundText(String(index))}`,
  );
  const label = sql`CASE WHEN ${column.sql} IS NULL THEN ${boundText("missing")} WHEN NOT ${finite(column)} THEN ${boundText("not-finite")} ${join(whens, " ")} ELSE ${boundText(String(edges.length))} END`;
  return {
    column,
    label,
    cellOf(found) {
      if (found === "missing" || found === "not-finite") return { is: found };
      const place = Number(found);
      return { is: "range", from: edges[place - 1] ?? null, below: edges[place] ?? null };
    },
  };
}
