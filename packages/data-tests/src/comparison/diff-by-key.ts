import type { ColumnReference } from "../planner/context.js";
import { all, type Fragment, join, sql, text } from "../sql/fragment.js";
import { figure, type OpenTable, type ResultRow } from "../sql/open-table.js";
import { type CommonColumn, comparable } from "./columns.js";
import { multisetDifference, type Restriction } from "./diff-multisets.js";
import type { DiffTask, RowFigures } from "./diff-tables.js";
import type { CellChange, ColumnDiff, DiffRow } from "./table-diff.js";
import { differs } from "./tolerance.js";

type Side = "before" | "after";
const sides = ["before", "after"] as const;

/**
 * A full join of the rows whose key is complete and unique on both sides; all others are compared as a multiset. Keys are
 * counted first, so that data without such rows (the rule) is joined without a further look at its keys.
 */
export async function diffByKey(task: DiffTask, key: readonly CommonColumn[]): Promise<RowFigures> {
  const { before, questions, sampleSize } = task;
  const keys = await keyFigures(task, key);
  const ambiguous = figure(keys, "before_ambiguous") + figure(keys, "after_ambiguous") > 0;
  const values = task.matched.common.filter((column) => !key.includes(column));
  const joined = joinedRows(task, key, values, ambiguous);
  const counts = values.map(
    (_, index) => sql`count(CASE WHEN d${text(String(index))} THEN 1 END) AS n${text(String(index))}`,
  );
  const changed = anyOf(values.map((_, index) => text(`d${index}`)));
  const list = [
    sql`count(CASE WHEN b_here = 1 AND a_here = 1 THEN 1 END) AS matched`,
    sql`count(CASE WHEN b_here IS NULL THEN 1 END) AS added`,
    sql`count(CASE WHEN a_here IS NULL THEN 1 END) AS removed`,
    sql`count(CASE WHEN ${changed} THEN 1 END) AS changed`,
    ...counts,
  ];
  const totals = await questions.row(before, sql`SELECT ${join(list, ", ")} FROM ${joined}`);
  const [added, removed] = [figure(totals, "added"), figure(totals, "removed")];
  const rows = async (side: Side, count: number): Promise<DiffRow[]> =>
    count === 0 || sampleSize === 0 ? [] : sampleAlone(task, key, side, ambiguous);
  const changedValues = values.flatMap((column, index) => {
    const changedCells = figure(totals, `n${index}`);
    return changedCells === 0 ? [] : [{ column, index, changedCells }];
  });
  const alone = { added: await rows("after", added), removed: await rows("before", removed) };
  const samples = await sampleChanges(task, key, joined, changedValues);
  const rest = ambiguous ? await multisetDifference(task, ambiguousRestriction(task, key)) : null;
  return {
    matchedRows: figure(totals, "matched"),
    addedRows: added + (rest?.addedRows ?? 0),
    removedRows: removed + (rest?.removedRows ?? 0),
    changedRows: figure(totals, "changed"),
    ambiguousRowsBefore: figure(keys, "before_ambiguous"),
    ambiguousRowsAfter: figure(keys, "after_ambiguous"),
    changedColumns: changedValues
      .map(
        ({ column, index, changedCells }): ColumnDiff => ({
          column: column.name,
          changedCells,
          sample: samples.get(index) ?? [],
        }),
      )
      .sort((left, right) => right.changedCells - left.changedCells),
    addedSample: [...alone.added, ...(rest?.addedSample ?? [])].slice(0, sampleSize),
    removedSample: [...alone.removed, ...(rest?.removedSample ?? [])].slice(0, sampleSize),
    fetchedRows: 0,
  };
}

const tableOf = (task: DiffTask, side: Side): OpenTable => task[side];

function keyList(task: DiffTask, key: readonly CommonColumn[], side: Side): Fragment {
  return join(
    key.map((column, index) => sql`${comparable(column, side, tableOf(task, side))} AS ${text(`k${index}`)}`),
    ", ",
  );
}

const keyNames = (key: readonly CommonColumn[], prefix = ""): Fragment =>
  join(
    key.map((_, index) => text(`${prefix}k${index}`)),
    ", ",
  );

const complete = (key: readonly CommonColumn[], side: Side): Fragment =>
  all(key.map((column) => sql`${column[side].sql} IS NOT NULL`));

const anyOf = (conditions: readonly Fragment[]): Fragment =>
  conditions.length === 0 ? text("FALSE") : sql`(${join(conditions, " OR ")})`;

/** Rows on each side whose key does not name them: incomplete, or more than once on one of the sides. */
function keyFigures(task: DiffTask, key: readonly CommonColumn[]): Promise<ResultRow> {
  const each = sides.map((side) => {
    const [b, a] = side === "before" ? ["1", "0"] : ["0", "1"];
    return sql`SELECT ${keyList(task, key, side)}, ${text(b as string)} AS b_row, ${text(a as string)} AS a_row FROM ${tableOf(task, side).rows(side)}`;
  });
  const isComplete = all(key.map((_, index) => sql`${text(`k${index}`)} IS NOT NULL`));
  const groups = sql`SELECT CASE WHEN ${isComplete} THEN 0 ELSE 1 END AS incomplete, sum(b_row) AS b_rows, sum(a_row) AS a_rows FROM (${join(each, " UNION ALL ")}) AS both_sides GROUP BY ${keyNames(key)}`;
  const unnamed = sql`incomplete = 1 OR b_rows > 1 OR a_rows > 1`;
  return task.questions.row(
    task.before,
    sql`SELECT sum(CASE WHEN ${unnamed} THEN b_rows ELSE 0 END) AS before_ambiguous, sum(CASE WHEN ${unnamed} THEN a_rows ELSE 0 END) AS after_ambiguous FROM (${groups}) AS by_key`,
  );
}

/** Keys that occur more than once on a side. */
function repeatedKeys(task: DiffTask, key: readonly CommonColumn[]): Fragment {
  const each = sides.map(
    (side) =>
      sql`SELECT ${keyNames(key)} FROM (SELECT ${keyList(task, key, side)} FROM ${tableOf(task, side).rows(side)}) AS keys_only GROUP BY ${keyNames(key)} HAVING count(*) > 1`,
  );
  return sql`(${join(each, " UNION ALL ")}) AS repeated`;
}

function isRepeated(task: DiffTask, key: readonly CommonColumn[], outer: string): Fragment {
  const same = all(key.map((_, index) => sql`repeated.${text(`k${index}`)} = ${text(outer)}.${text(`k${index}`)}`));
  return sql`EXISTS (SELECT 1 FROM ${repeatedKeys(task, key)} WHERE ${same})`;
}

/** Rows of one side that their key names, with the columns `k0` .. and what `list` gives. */
function namedRows(
  task: DiffTask,
  key: readonly CommonColumn[],
  side: Side,
  list: Fragment,
  ambiguous: boolean,
): Fragment {
  const rows = sql`SELECT ${keyList(task, key, side)}, ${list} FROM ${tableOf(task, side).rows(side)} WHERE ${complete(key, side)}`;
  return ambiguous ? sql`SELECT * FROM (${rows}) AS named WHERE NOT ${isRepeated(task, key, "named")}` : rows;
}

/** One row for each key of either side: `k0` .., `b_here`, `a_here`, values `b0` .., `a0` .., and whether they differ, `d0` ... */
function joinedRows(
  task: DiffTask,
  key: readonly CommonColumn[],
  values: readonly CommonColumn[],
  ambiguous: boolean,
): Fragment {
  const side = (name: Side): Fragment => {
    const prefix = name === "before" ? "b" : "a";
    const list = values.map(
      (column, index) => sql`${comparable(column, name, tableOf(task, name))} AS ${text(`${prefix}${index}`)}`,
    );
    return sql`(${namedRows(task, key, name, join([...list, text(`1 AS ${prefix}_here`)], ", "), ambiguous)}) AS ${text(`${name}_rows`)}`;
  };
  const on = all(key.map((_, index) => sql`before_rows.${text(`k${index}`)} = after_rows.${text(`k${index}`)}`));
  const both = text("b_here = 1 AND a_here = 1");
  const flags = values.map((column, index) => {
    const reference = (name: Side): ColumnReference => ({
      name: column.name,
      type: column[name].type,
      sql: text(`${name === "before" ? "b" : "a"}${index}`),
      family: column.family === "text" ? "text" : column[name].family,
    });
    const differ = differs(reference("before"), reference("after"), task.tolerances[column.name], task.before.dialect);
    return sql`(${both} AND ${differ}) AS d${text(String(index))}`;
  });
  const shown = key.map(
    (_, index) =>
      sql`coalesce(before_rows.${text(`k${index}`)}, after_rows.${text(`k${index}`)}) AS ${text(`k${index}`)}`,
  );
  const cells = values.flatMap((_, index) => [text(`b${index}`), text(`a${index}`)]);
  const list = join([...shown, text("b_here"), text("a_here"), ...cells, ...flags], ", ");
  return sql`(SELECT ${list} FROM ${side("before")} FULL JOIN ${side("after")} ON ${on}) AS joined`;
}

/** Rows of one side whose key the other side lacks, by key. */
async function sampleAlone(
  task: DiffTask,
  key: readonly CommonColumn[],
  side: Side,
  ambiguous: boolean,
): Promise<DiffRow[]> {
  const other: Side = side === "before" ? "after" : "before";
  const columns = tableOf(task, side).columns;
  const list = columns.map((column, index) => sql`${column.sql} AS ${text(`v${index}`)}`);
  const same = all(key.map((_, index) => sql`others.${text(`k${index}`)} = ours.${text(`k${index}`)}`));
  const absent = sql`NOT EXISTS (SELECT 1 FROM (SELECT ${keyList(task, key, other)} FROM ${tableOf(task, other).rows(other)}) AS others WHERE ${same})`;
  const found = await task.questions.rows(
    task.before,
    sql`SELECT * FROM (${namedRows(task, key, side, join(list, ", "), ambiguous)}) AS ours WHERE ${absent} ORDER BY ${keyNames(key)} LIMIT ${text(String(task.sampleSize))}`,
  );
  return found.map((row) =>
    Object.fromEntries(columns.map((column, index) => [column.name, row[`v${index}`] ?? null])),
  );
}

interface ChangedValue {
  readonly column: CommonColumn;
  readonly index: number;
  readonly changedCells: number;
}

/**
 * Some changed cells of each column. Among so many changed rows as there are columns times cells wanted, one column at least gets
 * all that it wants, so each statement settles one, and mostly the first settles all.
 */
async function sampleChanges(
  task: DiffTask,
  key: readonly CommonColumn[],
  joined: Fragment,
  changed: readonly ChangedValue[],
): Promise<ReadonlyMap<number, readonly CellChange[]>> {
  const samples = new Map<number, CellChange[]>();
  let wanting = task.sampleSize === 0 ? [] : changed;
  while (wanting.length > 0) {
    const cells = wanting.flatMap(({ index }) => [text(`b${index}`), text(`a${index}`), text(`d${index}`)]);
    const limit = text(String(task.sampleSize * wanting.length));
    const found = await task.questions.rows(
      task.before,
      sql`SELECT ${join([keyNames(key), ...cells], ", ")} FROM ${joined} WHERE ${anyOf(wanting.map(({ index }) => text(`d${index}`)))} ORDER BY ${keyNames(key)} LIMIT ${limit}`,
    );
    for (const { index } of wanting) {
      const rows = found.filter((row) => row[`d${index}`] === true).slice(0, task.sampleSize);
      samples.set(
        index,
        rows.map((row) => ({
          key: keyOf(key, row),
          before: row[`b${index}`] ?? null,
          after: row[`a${index}`] ?? null,
        })),
      );
    }
    const settled = ({ index, changedCells }: ChangedValue): boolean =>
      (samples.get(index)?.length ?? 0) >= Math.min(task.sampleSize, changedCells);
    const next = wanting.filter((each) => !settled(each));
    // Data that changes between the statements could else ask for ever.
    if (next.length === wanting.length) break;
    wanting = next;
  }
  return samples;
}

const keyOf = (key: readonly CommonColumn[], row: ResultRow): DiffRow =>
  Object.fromEntries(key.map((column, index) => [column.name, row[`k${index}`] ?? null]));

function ambiguousRestriction(task: DiffTask, key: readonly CommonColumn[]): Restriction {
  return (side, list) => {
    const rows = sql`SELECT ${keyList(task, key, side)}, ${list} FROM ${tableOf(task, side).rows(side)}`;
    const incomplete = anyOf(key.map((_, index) => sql`k${text(String(index))} IS NULL`));
    const unnamed = sql`SELECT * FROM (${rows}) AS unnamed`;
    return sql`${unnamed} WHERE ${incomplete} OR ${isRepeated(task, key, "unnamed")}`;
  };
}
