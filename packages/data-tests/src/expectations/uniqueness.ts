import { z } from "zod";
import type { QueryCheck, Shortcut } from "../planner/check.js";
import type { ColumnReference, PlanContext } from "../planner/context.js";
import { boundNumber, type Fragment, join, sql } from "../sql/fragment.js";
import { columnName, columnNames, commonShape } from "../suite/common.js";
import { kind } from "./kind.js";
import { nameList } from "./words.js";

/**
 * Rows whose key occurs more than once, exactly. Groups are counted, not the distinct values, so that engines can spill.
 * A key with a NULL in it is no key: it breaks the expectation unless nulls are ignored.
 */
function uniqueCheck(
  columns: readonly string[],
  nulls: "fail" | "ignore",
  maxDuplicateFraction: number,
  context: PlanContext,
): QueryCheck {
  const quoted = columns.map((name) => context.column(name).sql);
  const key = join(quoted, ", ");
  const complete = join(
    quoted.map((column) => sql`${column} IS NOT NULL`),
    " AND ",
  );
  const incomplete = join(
    quoted.map((column) => sql`${column} IS NULL`),
    " OR ",
  );
  const sumWhere = (condition: Fragment, value: Fragment): Fragment =>
    sql`coalesce(sum(CASE WHEN ${condition} THEN ${value} ELSE 0 END), 0)`;
  // One group for all incomplete keys would hide how many they are, so groups keep their NULLs and their counts.
  const groups = sql`SELECT ${key}, count(*) AS deepwright_occurrences FROM ${context.rows} GROUP BY ${key}`;
  const twice = sql`((${complete}) AND ${keyCount(key, context)} > 1)`;
  const shortcut = columns.length === 1 ? bitmapShortcut(context.column(columns[0] as string), context) : null;
  return {
    by: "query",
    ...(shortcut && { shortcut }),
    expected:
      maxDuplicateFraction === 0
        ? `${nameList(columns)} to be unique`
        : `at most ${maxDuplicateFraction * 100} % of rows to share ${nameList(columns)} with another`,
    columns,
    figures: ["duplicates", "missing"],
    statement: sql`SELECT ${sumWhere(sql`(${complete}) AND deepwright_occurrences > 1`, sql`deepwright_occurrences`)} AS duplicates, ${sumWhere(incomplete, sql`deepwright_occurrences`)} AS missing FROM (${groups}) AS groups`,
    decide: ({ duplicates, missing }, rowCount) => {
      const failing = Number(duplicates) + (nulls === "fail" ? Number(missing) : 0);
      const considered = rowCount - (nulls === "ignore" ? Number(missing) : 0);
      const passed = considered > 0 && failing <= maxDuplicateFraction * considered;
      return {
        passed,
        observed: { duplicates: Number(duplicates), nulls: Number(missing) },
        failing,
        considered,
        reason: `${Number(duplicates)} rows share it with another${Number(missing) > 0 ? `, ${Number(missing)} rows have none` : ""}`,
      };
    },
    failing: sql`SELECT * FROM (${groups}) AS groups WHERE ((${complete}) AND deepwright_occurrences > 1)${nulls === "fail" ? sql` OR ${incomplete}` : sql``}`,
    failingRow: nulls === "fail" ? sql`(${twice} OR ${incomplete})` : twice,
  };
}

/** How many of the rows that the filter lets through have a row's key. */
function keyCount(key: Fragment, { filter }: PlanContext): Fragment {
  const counted = filter === null ? sql`*` : sql`CASE WHEN ${filter} THEN 1 END`;
  return sql`count(${counted}) OVER (PARTITION BY ${key})`;
}

/** Bits of a bitmap: 32 MiB for each thread of the engine. */
const mostBits = 2 ** 28;

/**
 * A column of integers in a narrow interval is unique when as many different bits are set as there are values: exact, at an
 * eighth of the time of a hash table and in bounded memory. Where it is not unique, duplicates are counted by groups.
 */
function bitmapShortcut(column: ColumnReference, context: PlanContext): Shortcut | null {
  const { distinctIntegers } = context.dialect;
  if (distinctIntegers === null || column.family !== "integer") return null;
  return {
    aggregates: { least: sql`min(${column.sql})`, most: sql`max(${column.sql})`, present: sql`count(${column.sql})` },
    statement({ least, most, present }, rowCount) {
      const [from, to] = [Number(least), Number(most)];
      const bits = to - from + 1;
      const safe = Number.isSafeInteger(from) && Number.isSafeInteger(to);
      if (least === null || !safe || bits > mostBits || bits > 64 * Number(present) || bits < Number(present))
        return null;
      const different = sql`SELECT ${distinctIntegers(column.sql, from, to)} AS n FROM ${context.rows}`;
      return sql`SELECT 0 AS duplicates, ${boundNumber(rowCount - Number(present))} AS missing, n = ${boundNumber(Number(present))} AS proven FROM (${different}) AS different`;
    },
  };
}

const nulls = z.enum(["fail", "ignore"]).optional();

export const unique = kind({
  expects: "no value to occur twice in a column",
  options: z.strictObject({ ...commonShape, column: columnName, nulls }),
  plan: (options, context) => uniqueCheck([options.column], options.nulls ?? "fail", 0, context),
});

export const uniqueTogether = kind({
  expects: "no combination of values of several columns to occur twice",
  options: z.strictObject({ ...commonShape, columns: columnNames, nulls }),
  plan: (options, context) => uniqueCheck(options.columns, options.nulls ?? "fail", 0, context),
});

export const primaryKey = kind({
  expects: "a key: every part has a value, and no two rows have the same",
  options: z.strictObject({ ...commonShape, columns: columnNames }),
  plan: (options, context) => uniqueCheck(options.columns, "fail", 0, context),
});

export const duplicateFractionAtMost = kind({
  expects: "at most a fraction of rows to share their key with another row",
  options: z.strictObject({ ...commonShape, columns: columnNames, max: z.number().min(0).max(1), nulls }),
  plan: (options, context) => uniqueCheck(options.columns, options.nulls ?? "fail", options.max, context),
});

export const noDuplicateRows = kind({
  expects: "no two rows that are alike in every column, nulls being alike",
  options: z.strictObject({ ...commonShape }),
  plan: (_options, context) => {
    const names = context.table.columns.map((column) => column.name);
    const key = join(names.map(context.quote), ", ");
    const groups = sql`SELECT ${key}, count(*) AS deepwright_occurrences FROM ${context.rows} GROUP BY ${key} HAVING count(*) > 1`;
    return {
      by: "query",
      expected: "no two rows to be alike",
      columns: names,
      figures: ["duplicates"],
      statement: sql`SELECT coalesce(sum(deepwright_occurrences), 0) AS duplicates FROM (${groups}) AS groups`,
      decide: ({ duplicates }, rowCount) => ({
        passed: Number(duplicates) === 0,
        observed: Number(duplicates),
        failing: Number(duplicates),
        considered: rowCount,
      }),
      failing: groups,
      failingRow: sql`(${keyCount(key, context)} > 1)`,
    };
  },
});
