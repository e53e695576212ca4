import { z } from "zod";
import type { Check } from "../planner/check.js";
import type { PlanContext } from "../planner/context.js";
import { bound, type Fragment, join, sql } from "../sql/fragment.js";
import { numeric } from "../sql/type-family.js";
import { boundsShape, columnName, columnNames, commonShape, describeBounds, someBound } from "../suite/common.js";
import { kind } from "./kind.js";
import { nameList, plural } from "./words.js";

interface GroupOptions {
  readonly by: readonly string[];
  readonly min?: number | undefined;
  readonly max?: number | undefined;
}

/** A figure of each group within bounds; a group without a figure breaks it. */
function groupCheck(options: GroupOptions, context: PlanContext, words: string, figure: Fragment): Check {
  const key = join(
    options.by.map((name) => context.column(name).sql),
    ", ",
  );
  const name = context.quote("deepwright_figure");
  const groups = sql`SELECT ${key}, ${figure} AS ${name}, count(*) AS deepwright_rows FROM ${context.rows} GROUP BY ${key}`;
  const inside = sql`(${name} BETWEEN ${bound(options.min ?? Number.NEGATIVE_INFINITY, "double")} AND ${bound(options.max ?? Number.POSITIVE_INFINITY, "double")})`;
  const wrong = sql`(${name} IS NULL OR NOT ${inside})`;
  return {
    by: "query",
    expected: `${words} for each ${nameList(options.by)} ${describeBounds(options.min, options.max)}`,
    columns: options.by,
    figures: ["groups", "wrong", "least", "most"],
    statement: sql`SELECT count(*) AS groups, count(CASE WHEN ${wrong} THEN 1 END) AS wrong, min(${name}) AS least, max(${name}) AS most FROM (${groups}) AS groups`,
    decide: ({ groups: count, wrong: failing, least, most }) => ({
      passed: Number(count) > 0 && Number(failing) === 0,
      observed: { min: least ?? null, max: most ?? null },
      failing: Number(failing),
      considered: Number(count),
      reason: `${plural(Number(failing), "group")} of ${Number(count)} are outside`,
    }),
    failing: sql`SELECT * FROM (${groups}) AS groups WHERE ${wrong}`,
  };
}

export const groupRowCountBetween = kind({
  expects: "the number of rows of each group within bounds",
  options: z.strictObject({ ...commonShape, ...boundsShape, by: columnNames }).refine(someBound, "give min or max"),
  plan: (options, context) => groupCheck(options, context, "the number of rows", sql`count(*)`),
});

export const groupCountBetween = kind({
  expects: "the number of groups within bounds",
  options: z.strictObject({ ...commonShape, ...boundsShape, by: columnNames }).refine(someBound, "give min or max"),
  plan: (options, context) => {
    const key = join(
      options.by.map((name) => context.column(name).sql),
      ", ",
    );
    return {
      by: "query",
      expected: `the number of different ${nameList(options.by)} ${describeBounds(options.min, options.max)}`,
      columns: options.by,
      figures: ["groups"],
      statement: sql`SELECT count(*) AS groups FROM (SELECT ${key} FROM ${context.rows} GROUP BY ${key}) AS groups`,
      decide: ({ groups }, rowCount) => {
        const observed = Number(groups);
        return {
          passed: observed >= (options.min ?? 0) && observed <= (options.max ?? Number.POSITIVE_INFINITY),
          observed,
          considered: rowCount,
        };
      },
    };
  },
});

function groupFigureKind(words: string, call: "avg" | "sum" | "min" | "max" | "stddev_samp") {
  return kind({
    expects: `${words} of a column within bounds in each group; missing values are left out`,
    options: z
      .strictObject({ ...commonShape, ...boundsShape, column: columnName, by: columnNames })
      .refine(someBound, "give min or max"),
    plan: (options, context) =>
      groupCheck(
        options,
        context,
        `${words} of ${JSON.stringify(options.column)}`,
        sql`${{ pieces: [call] }}(${context.dialect.toDouble(context.column(options.column, numeric).sql)})`,
      ),
  });
}

export const groupMeanBetween = groupFigureKind("the mean", "avg");
export const groupSumBetween = groupFigureKind("the sum", "sum");
export const groupMinBetween = groupFigureKind("the least value", "min");
export const groupMaxBetween = groupFigureKind("the greatest value", "max");

export const groupDistinctCountBetween = kind({
  expects: "the exact number of different values of a column within bounds in each group",
  options: z
    .strictObject({ ...commonShape, ...boundsShape, column: columnName, by: columnNames })
    .refine(someBound, "give min or max"),
  plan: (options, context) =>
    groupCheck(
      options,
      context,
      `the number of different values of ${JSON.stringify(options.column)}`,
      sql`count(DISTINCT ${context.column(options.column).sql})`,
    ),
});

export const groupNullFractionAtMost = kind({
  expects: "the fraction of missing values of a column at most a bound in each group",
  options: z.strictObject({ ...commonShape, column: columnName, by: columnNames, max: z.number().min(0).max(1) }),
  plan: (options, context) =>
    groupCheck(
      options,
      context,
      `the fraction of nulls of ${JSON.stringify(options.column)}`,
      sql`(1 - ${context.dialect.toDouble(sql`count(${context.column(options.column).sql})`)} / count(*))`,
    ),
});

export const groupShareAtMost = kind({
  expects: "no group to hold more than a fraction of all rows",
  options: z.strictObject({ ...commonShape, by: columnNames, max: z.number().min(0).max(1) }),
  plan: (options, context) =>
    groupCheck(
      options,
      context,
      "the share of rows",
      sql`${context.dialect.toDouble(sql`count(*)`)} / (SELECT count(*) FROM ${context.rows})`,
    ),
});
