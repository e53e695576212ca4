import { z } from "zod";
import type { PlanContext } from "../planner/context.js";
import { type Fragment, join, sql, text } from "../sql/fragment.js";
import {
  boundsShape,
  columnName,
  commonShape,
  describeBounds,
  type Scalar,
  scalar,
  someBound,
  valueShape,
} from "../suite/common.js";
import { kind } from "./kind.js";
import { valueCheck } from "./row-check.js";
import { within } from "./within.js";
import { show } from "./words.js";

const values = z.array(scalar).min(1);

export const inSet = kind({
  expects: "values of a set",
  options: z.strictObject({ ...valueShape, column: columnName, values }),
  plan: (options, context) =>
    valueCheck(options, context, undefined, `to be one of ${show(options.values)}`, (column) =>
      context.dialect.inList(
        column.sql,
        options.values.map((value) => context.value(value, column)),
      ),
    ),
});

export const notInSet = kind({
  expects: "none of the values of a set",
  options: z.strictObject({ ...valueShape, column: columnName, values }),
  plan: (options, context) =>
    valueCheck(
      options,
      context,
      undefined,
      `to be none of ${show(options.values)}`,
      (column) =>
        sql`(NOT ${context.dialect.inList(
          column.sql,
          options.values.map((value) => context.value(value, column)),
        )})`,
    ),
});

export const equalTo = kind({
  expects: "one given value in every row",
  options: z.strictObject({ ...valueShape, column: columnName, value: scalar }),
  plan: (options, context) =>
    valueCheck(
      options,
      context,
      undefined,
      `to be ${show(options.value)}`,
      (column) => sql`(${column.sql} = ${context.value(options.value, column)})`,
    ),
});

export const notEqualTo = kind({
  expects: "anything but one given value",
  options: z.strictObject({ ...valueShape, column: columnName, value: scalar }),
  plan: (options, context) =>
    valueCheck(
      options,
      context,
      undefined,
      `not to be ${show(options.value)}`,
      (column) => sql`(${column.sql} <> ${context.value(options.value, column)})`,
    ),
});

/** How often each value of a list occurs, as aggregates of the one scan. */
function valueCounts(column: string, list: readonly Scalar[], context: PlanContext): Record<string, Fragment> {
  const reference = context.column(column);
  return Object.fromEntries(
    list.map((value, index) => [
      `value${index}`,
      context.dialect.countWhere(sql`${reference.sql} = ${context.value(value, reference)}`),
    ]),
  );
}

export const containsValues = kind({
  expects: "each value of a list in at least one row",
  options: z.strictObject({ ...commonShape, column: columnName, values }),
  plan: (options, context) => ({
    by: "figure",
    expected: `${JSON.stringify(options.column)} to contain ${show(options.values)}`,
    columns: [options.column],
    aggregates: valueCounts(options.column, options.values, context),
    decide: (figures) => {
      const missing = options.values.filter((_, index) => Number(figures[`value${index}`]) === 0);
      return {
        passed: missing.length === 0,
        observed: missing.map(String),
        failing: missing.length,
        considered: options.values.length,
        reason: `${show(missing)} ${missing.length === 1 ? "is" : "are"} missing`,
      };
    },
  }),
});

export const valuesEqualSet = kind({
  expects: "exactly the values of a set: each occurs, and no other, nulls not counted",
  options: z.strictObject({ ...commonShape, column: columnName, values }),
  plan: (options, context) => {
    const reference = context.column(options.column);
    const inList = context.dialect.inList(
      reference.sql,
      options.values.map((value) => context.value(value, reference)),
    );
    return {
      by: "figure",
      expected: `the values of ${JSON.stringify(options.column)} to be exactly ${show(options.values)}`,
      columns: [options.column],
      aggregates: {
        ...valueCounts(options.column, options.values, context),
        other: context.dialect.countWhere(sql`NOT ${inList}`),
      },
      decide: (figures, rowCount) => {
        const missing = options.values.filter((_, index) => Number(figures[`value${index}`]) === 0);
        const other = Number(figures.other);
        return {
          passed: missing.length === 0 && other === 0,
          observed: { missing: missing.map(String), otherRows: other },
          failing: other,
          considered: rowCount,
        };
      },
      suspicious: sql`(NOT ${inList})`,
    };
  },
});

export const distinctCountBetween = kind({
  expects: "an exact number of different values within bounds, nulls not counted",
  options: z.strictObject({ ...commonShape, ...boundsShape, column: columnName }).refine(someBound, "give min or max"),
  plan: (options, context) => ({
    by: "figure",
    expected: `the number of different values of ${JSON.stringify(options.column)} ${describeBounds(options.min, options.max)}`,
    columns: [options.column],
    aggregates: { distinct: sql`count(DISTINCT ${context.column(options.column).sql})` },
    decide: ({ distinct }, rowCount) => {
      const observed = Number(distinct);
      return { passed: within(observed, options), observed, considered: rowCount };
    },
  }),
});

export const distinctFractionBetween = kind({
  expects: "different values as an exact fraction of the values, within bounds",
  options: z.strictObject({ ...commonShape, ...boundsShape, column: columnName }).refine(someBound, "give min or max"),
  plan: (options, context) => {
    const { sql: column } = context.column(options.column);
    return {
      by: "figure",
      expected: `different values of ${JSON.stringify(options.column)} as a fraction of all ${describeBounds(options.min, options.max)}`,
      columns: [options.column],
      aggregates: { distinct: sql`count(DISTINCT ${column})`, present: sql`count(${column})` },
      decide: ({ distinct, present }, rowCount) => {
        const observed = Number(distinct) / Number(present);
        return { passed: within(observed, options), observed, considered: rowCount };
      },
    };
  },
});

export const mostCommonValueIn = kind({
  expects: "the most frequent value to be one of a set; all of them where several are most frequent",
  options: z.strictObject({ ...commonShape, column: columnName, values }),
  plan: (options, context) => {
    const reference = context.column(options.column);
    const list = join(
      options.values.map((value) => context.value(value, reference)),
      ", ",
    );
    const counts = sql`SELECT ${reference.sql} AS value, count(*) AS deepwright_occurrences FROM ${context.rows} WHERE ${reference.sql} IS NOT NULL GROUP BY ${reference.sql}`;
    return {
      by: "query",
      expected: `the most frequent value of ${JSON.stringify(options.column)} to be one of ${show(options.values)}`,
      columns: [options.column],
      figures: ["most", "other"],
      statement: sql`SELECT max(deepwright_occurrences) AS most, max(CASE WHEN value IN (${list}) THEN 0 ELSE deepwright_occurrences END) AS other FROM (${counts}) AS counts`,
      decide: ({ most, other }, rowCount) => ({
        passed: most !== null && Number(other) < Number(most),
        observed: { mostFrequent: most ?? null, mostFrequentOther: other ?? null },
        considered: rowCount,
        reason: most === null ? "there is no value" : `another value occurs in ${other} rows`,
      }),
      failing: sql`SELECT * FROM (${counts}) AS counts WHERE ${text("deepwright_occurrences")} = (SELECT max(deepwright_occurrences) FROM (${counts}) AS most)`,
    };
  },
});
