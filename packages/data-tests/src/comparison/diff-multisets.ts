import { type Fragment, join, sql, text } from "../sql/fragment.js";
import { figure } from "../sql/open-table.js";
import { comparable } from "./columns.js";
import type { DiffTask, RowFigures } from "./diff-tables.js";
import type { DiffRow } from "./table-diff.js";

/** A query of the rows of one side that are compared; gives at least the columns of `list`. */
export type Restriction = (side: "before" | "after", list: Fragment) => Fragment;

/** Rows that one side has more often than the other, by all columns that both have. */
export async function multisetDifference(
  task: DiffTask,
  restriction: Restriction,
): Promise<Pick<RowFigures, "addedRows" | "removedRows" | "addedSample" | "removedSample">> {
  const { common } = task.matched;
  const names = join(
    common.map((_, index) => text(`m${index}`)),
    ", ",
  );
  const side = (name: "before" | "after"): Fragment => {
    const list = join(
      common.map((column, index) => sql`${comparable(column, name, task[name])} AS ${text(`m${index}`)}`),
      ", ",
    );
    const sign = text(name === "before" ? "-1" : "1");
    return sql`SELECT ${names}, ${sign} AS occurrence FROM (${restriction(name, list)}) AS ${text(`${name}_rows`)}`;
  };
  const surplus = sql`(SELECT ${names}, sum(occurrence) AS surplus FROM (${side("before")} UNION ALL ${side("after")}) AS both_sides GROUP BY ${names} HAVING sum(occurrence) <> 0) AS differing`;
  const totals = await task.questions.row(
    task.before,
    sql`SELECT sum(CASE WHEN surplus > 0 THEN surplus ELSE 0 END) AS added, sum(CASE WHEN surplus < 0 THEN -surplus ELSE 0 END) AS removed FROM ${surplus}`,
  );
  const sample = async (count: number, condition: string): Promise<DiffRow[]> => {
    if (count === 0 || task.sampleSize === 0) return [];
    const found = await task.questions.rows(
      task.before,
      sql`SELECT * FROM ${surplus} WHERE ${text(condition)} ORDER BY ${names} LIMIT ${text(String(task.sampleSize))}`,
    );
    return found.map((row) =>
      Object.fromEntries(common.map((column, index) => [column.name, row[`m${index}`] ?? null])),
    );
  };
  const [addedRows, removedRows] = [figure(totals, "added"), figure(totals, "removed")];
  return {
    addedRows,
    removedRows,
    addedSample: await sample(addedRows, "surplus > 0"),
    removedSample: await sample(removedRows, "surplus < 0"),
  };
}

/** Without a key: what one side has more often than the other. */
export async function diffMultisets(task: DiffTask): Promise<RowFigures> {
  const difference = await multisetDifference(task, (side, list) => sql`SELECT ${list} FROM ${task[side].rows(side)}`);
  return {
    ...difference,
    matchedRows: 0,
    changedRows: 0,
    ambiguousRowsBefore: 0,
    ambiguousRowsAfter: 0,
    changedColumns: [],
    fetchedRows: 0,
  };
}
