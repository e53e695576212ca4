import type { DataSource, QueryEngine } from "@deepwright/engines";
import { plural } from "../expectations/words.js";
import type { ColumnReference } from "../planner/context.js";
import { all, type Fragment, join, sql, text } from "../sql/fragment.js";
import { argumentInvalid, figure, type OpenTable, openTable, Questions } from "../sql/open-table.js";
import { numeric, temporal } from "../sql/type-family.js";
import type { LeakageFinding } from "./finding.js";

export interface SplitOverlapOptions {
  /** Columns that together name a row. */
  readonly key?: readonly string[];
  /** Columns that must not be in two splits with the same value (the customer, the patient, the session); each is looked at by itself. */
  readonly groups?: readonly string[];
  /** Column of the time of a row, where splits are cut by time in the order in which they are given. */
  readonly time?: string;
  /** Most keys in each sample. Default: 10. */
  readonly sampleSize?: number;
  readonly signal?: AbortSignal;
}

export interface SplitOverlap {
  readonly findings: readonly LeakageFinding[];
  readonly statementCount: number;
}

interface Split {
  readonly name: string;
  readonly table: OpenTable;
}

/**
 * Keys and groups that are in two splits, exactly, and rows of an earlier split that are later than rows of a later one. Rows in which a column of the
 * key is NULL have no identity and are left out.
 *
 * @param splits at least two, in their order: training first
 * @example
 * ```ts
 * const { findings } = await splitOverlap(engine, { train, test }, { key: ["visit"], groups: ["patient"] });
 * console.log(findings[0]?.sentence); // 37 values of "patient" are in both "train" (210 rows) and "test" (41 rows).
 * ```
 * @throws DeepwrightError `ARGUMENT_INVALID`, `COLUMN_MISSING`, or one of the engine
 */
export async function splitOverlap(
  engine: QueryEngine,
  splits: Readonly<Record<string, DataSource>>,
  options: SplitOverlapOptions,
): Promise<SplitOverlap> {
  const names = Object.keys(splits);
  const { key = [], groups = [], time, sampleSize = 10, signal } = options;
  if (names.length < 2)
    throw argumentInvalid("at least two splits", names.join(", ") || "none", "Name training and test data.");
  if (key.length + groups.length === 0 && time === undefined) {
    throw argumentInvalid("a key, groups or a time", "none of them", "Say what must not be in two splits.");
  }
  if (!(Number.isInteger(sampleSize) && sampleSize >= 0))
    throw argumentInvalid("a sample size of at least 0", String(sampleSize), "Give a whole number.");
  const questions = new Questions(signal);
  const opened: Split[] = [];
  for (const name of names) opened.push({ name, table: await openTable(engine, splits[name] as DataSource, signal) });
  const findings: LeakageFinding[] = [];
  for (const [index, earlier] of opened.entries()) {
    for (const later of opened.slice(index + 1)) {
      const identities = [
        ...(key.length === 0 ? [] : [{ kind: "key-overlap" as const, columns: key }]),
        ...groups.map((group) => ({ kind: "group-overlap" as const, columns: [group] })),
      ];
      for (const { kind, columns } of identities) {
        const found = await commonIdentities(questions, earlier, later, kind, columns, sampleSize);
        if (found !== null) findings.push(found);
      }
      const late = time === undefined ? null : await timeOverlap(questions, earlier, later, time, sampleSize);
      if (late !== null) findings.push(late);
    }
  }
  return { findings, statementCount: questions.count };
}

const nameOf = (index: number): Fragment => text(`k${index}`);

async function commonIdentities(
  questions: Questions,
  earlier: Split,
  later: Split,
  kind: "key-overlap" | "group-overlap",
  columns: readonly string[],
  sampleSize: number,
): Promise<LeakageFinding | null> {
  const names = join(
    columns.map((_, index) => nameOf(index)),
    ", ",
  );
  const side = ({ table }: Split, other: Split, counts: string): Fragment => {
    const list = columns.map((name, index) => {
      const [column, theirs] = [table.column(name), other.table.column(name)];
      const asText = comparedAsText(column, theirs);
      return sql`${asText ? table.dialect.toText(column.sql) : column.sql} AS ${nameOf(index)}`;
    });
    const present = all(columns.map((name) => sql`${table.column(name).sql} IS NOT NULL`));
    return sql`SELECT ${join(list, ", ")}, ${text(counts)} FROM ${table.rows("side")} WHERE ${present}`;
  };
  const both = sql`${side(earlier, later, "1 AS e, 0 AS l")} UNION ALL ${side(later, earlier, "0 AS e, 1 AS l")}`;
  const common = sql`SELECT ${names}, sum(e) AS e, sum(l) AS l FROM (${both}) AS both_sides GROUP BY ${names}`;
  const isCommon = text("e > 0 AND l > 0");
  const totals = await questions.row(
    earlier.table,
    sql`SELECT count(CASE WHEN ${isCommon} THEN 1 END) AS identities, sum(CASE WHEN ${isCommon} THEN e ELSE 0 END) AS e, sum(CASE WHEN ${isCommon} THEN l ELSE 0 END) AS l, sum(l) AS considered FROM (${common}) AS by_identity`,
  );
  const identities = figure(totals, "identities");
  if (identities === 0) return null;
  const sample = await questions.rows(
    earlier.table,
    sql`SELECT * FROM (${common}) AS by_identity WHERE ${isCommon} ORDER BY ${names} LIMIT ${text(String(sampleSize))}`,
  );
  const [rowsEarlier, rowsLater] = [figure(totals, "e"), figure(totals, "l")];
  const shown = columns.map((name) => JSON.stringify(name)).join(", ");
  return {
    kind,
    columns,
    splits: [earlier.name, later.name],
    rows: rowsLater,
    considered: figure(totals, "considered"),
    evidence: { identities, rowsEarlier, rowsLater },
    sample: sample.map((row) => ({
      ...Object.fromEntries(columns.map((name, index) => [name, row[`k${index}`] ?? null])),
      rowsEarlier: figure(row, "e"),
      rowsLater: figure(row, "l"),
    })),
    sentence: `${plural(identities, "value")} of ${shown} ${identities === 1 ? "is" : "are"} in both ${JSON.stringify(earlier.name)} (${plural(rowsEarlier, "row")}) and ${JSON.stringify(later.name)} (${plural(rowsLater, "row")}).`,
  };
}

function comparedAsText(left: ColumnReference, right: ColumnReference): boolean {
  if (left.family === right.family) return left.family === "other";
  const alike = [numeric, temporal].some((each) => each.includes(left.family) && each.includes(right.family));
  return !alike;
}

/** Rows of the earlier split from the first row of the later one on. */
async function timeOverlap(
  questions: Questions,
  earlier: Split,
  later: Split,
  time: string,
  sampleSize: number,
): Promise<LeakageFinding | null> {
  const clocks = [...temporal, ...numeric];
  const [column, other] = [earlier.table.column(time, clocks), later.table.column(time, clocks)];
  const first = sql`(SELECT min(${other.sql}) FROM ${later.table.rows("later_rows")})`;
  const totals = await questions.row(
    earlier.table,
    sql`SELECT count(CASE WHEN moment >= first_moment THEN 1 END) AS late, count(moment) AS considered, min(first_moment) AS cut, max(moment) AS latest FROM (SELECT ${column.sql} AS moment, ${first} AS first_moment FROM ${earlier.table.rows("earlier_rows")}) AS compared`,
  );
  const rows = figure(totals, "late");
  if (rows === 0) return null;
  const sample = await questions.rows(
    earlier.table,
    sql`SELECT * FROM ${earlier.table.rows("earlier_rows")} WHERE ${column.sql} >= ${first} ORDER BY ${column.sql} DESC LIMIT ${text(String(sampleSize))}`,
  );
  return {
    kind: "time-overlap",
    columns: [time],
    splits: [earlier.name, later.name],
    rows,
    considered: figure(totals, "considered"),
    evidence: { firstOfLater: String(totals.cut), lastOfEarlier: String(totals.latest) },
    sample,
    sentence: `${plural(rows, "row")} of ${JSON.stringify(earlier.name)} ${rows === 1 ? "is" : "are"} not before the first row of ${JSON.stringify(later.name)} (${String(totals.cut)}).`,
  };
}
