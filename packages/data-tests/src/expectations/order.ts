import { parseDuration } from "@deepwright/core";
import { z } from "zod";
import type { Check } from "../planner/check.js";
import type { PlanContext } from "../planner/context.js";
import { bound, type Fragment, join, sql } from "../sql/fragment.js";
import { numeric, temporal } from "../sql/type-family.js";
import { columnName, columnNames, commonShape } from "../suite/common.js";
import { kind } from "./kind.js";
import { nameList, plural } from "./words.js";

interface StepOptions {
  readonly column: string;
  readonly orderBy: readonly string[];
  readonly by: readonly string[];
  readonly expected: string;
  /** True for a step that breaks the expectation, given the value and the one before it in its group. */
  readonly wrong: (value: Fragment, previous: Fragment) => Fragment;
}

/** Looks at each row and the one before it. Rows without a value break the order. */
function stepCheck(options: StepOptions, context: PlanContext): Check {
  const value = context.column(options.column).sql;
  const order = join(
    options.orderBy.map((name) => context.column(name).sql),
    ", ",
  );
  const by = options.by.map((name) => context.column(name).sql);
  const partition = by.length === 0 ? sql`` : sql`PARTITION BY ${join(by, ", ")} `;
  const shown = [...new Set([...options.by, ...options.orderBy, options.column])].map((name) => context.quote(name));
  const previous = context.quote("deepwright_previous");
  const steps = sql`SELECT ${join(shown, ", ")}, lag(${value}) OVER (${partition}ORDER BY ${order}) AS ${previous} FROM ${context.rows}`;
  const broken = sql`(${value} IS NULL OR ${options.wrong(value, previous)})`;
  return {
    by: "query",
    expected: options.expected,
    columns: [options.column],
    figures: ["wrong"],
    statement: sql`SELECT count(CASE WHEN ${broken} THEN 1 END) AS wrong FROM (${steps}) AS steps`,
    decide: ({ wrong }, rowCount) => ({
      passed: Number(wrong) === 0 && rowCount > 0,
      observed: Number(wrong),
      failing: Number(wrong),
      considered: rowCount,
      reason: `${plural(Number(wrong), "row")} break it`,
    }),
    failing: sql`SELECT * FROM (${steps}) AS steps WHERE ${broken}`,
  };
}

const orderShape = { ...commonShape, column: columnName, orderBy: columnNames, by: columnNames.optional() };
const within = (by: readonly string[] | undefined): string => (by === undefined ? "" : ` within ${nameList(by)}`);

function monotonicKind(expects: string, words: string, broken: "<" | "<=" | ">" | ">=") {
  return kind({
    expects,
    options: z.strictObject(orderShape),
    plan: (options, context) =>
      stepCheck(
        {
          column: options.column,
          orderBy: options.orderBy,
          by: options.by ?? [],
          expected: `${JSON.stringify(options.column)} ${words} by ${nameList(options.orderBy)}${within(options.by)}`,
          wrong: (value, previous) => sql`${value} ${{ pieces: [broken] }} ${previous}`,
        },
        context,
      ),
  });
}

export const increasing = monotonicKind(
  "values that never fall in an order of rows, in each group",
  "not to fall",
  "<",
);
export const strictlyIncreasing = monotonicKind("values that rise in an order of rows, in each group", "to rise", "<=");
export const decreasing = monotonicKind(
  "values that never rise in an order of rows, in each group",
  "not to rise",
  ">",
);
export const strictlyDecreasing = monotonicKind("values that fall in an order of rows, in each group", "to fall", ">=");

const duration = z
  .string()
  .refine((text) => /^\s*\d+(\.\d+)?\s*(ms|s|m|min|h|d)?\s*$/i.test(text), 'is no duration such as "36h"');

function gapKind(expects: string, words: string, wrong: (gap: Fragment, seconds: Fragment) => Fragment) {
  return kind({
    expects,
    options: z.strictObject({ ...commonShape, column: columnName, gap: duration, by: columnNames.optional() }),
    plan: (options, context) => {
      context.column(options.column, temporal);
      const seconds = bound(parseDuration(options.gap) / 1000, "double");
      const at = (value: Fragment): Fragment => context.dialect.epochSeconds(value);
      return stepCheck(
        {
          column: options.column,
          orderBy: [options.column],
          by: options.by ?? [],
          expected: `${JSON.stringify(options.column)} ${words} ${options.gap}${within(options.by)}`,
          wrong: (value, previous) => wrong(sql`${at(value)} - ${at(previous)}`, seconds),
        },
        context,
      );
    },
  });
}

export const gapsAtMost = gapKind(
  "no gap in time longer than a duration, in each group",
  "to have no gap above",
  (gap, seconds) => sql`${gap} > ${seconds}`,
);

export const evenlySpaced = gapKind(
  "times that are one duration apart, in each group",
  "to be spaced by",
  (gap, seconds) => sql`abs(${gap} - ${seconds}) > 1e-6`,
);

export const consecutive = kind({
  expects: "integers that rise by one without a hole, in each group",
  options: z.strictObject({ ...commonShape, column: columnName, by: columnNames.optional() }),
  plan: (options, context) => {
    context.column(options.column, numeric);
    return stepCheck(
      {
        column: options.column,
        orderBy: [options.column],
        by: options.by ?? [],
        expected: `${JSON.stringify(options.column)} to rise by one${within(options.by)}`,
        wrong: (value, previous) => sql`${value} - ${previous} <> 1`,
      },
      context,
    );
  },
});
