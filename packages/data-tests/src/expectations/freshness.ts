import { formatDuration, parseDuration } from "@deepwright/core";
import { z } from "zod";
import { isoTime } from "../planner/context.js";
import { bound, boundNumber, type Fragment, sql } from "../sql/fragment.js";
import { type TypeFamily, temporal } from "../sql/type-family.js";
import { boundsShape, columnName, commonShape, describeBounds, someBound, valueShape } from "../suite/common.js";
import { kind } from "./kind.js";
import { columnsCheck, valueCheck } from "./row-check.js";
import { within } from "./within.js";

/** Such as `"90 min"`, `"36h"` or `"7d"`. */
const duration = z.string().refine(isDuration, 'is no duration such as "36h"');

function isDuration(text: string): boolean {
  try {
    return parseDuration(text) >= 0;
  } catch {
    return false;
  }
}

/** A moment as a value of a column's type; dates are days in UTC. */
function moment(milliseconds: number, family: TypeFamily): Fragment {
  const time = new Date(milliseconds).toISOString();
  return family === "date"
    ? bound(time.slice(0, 10), "date")
    : bound(time.replace("T", " ").replace("Z", ""), "timestamp");
}

/** Milliseconds since 1970 of a value that an engine gave; `null` for missing and infinite ones. */
function milliseconds(value: unknown): number | null {
  const time = typeof value === "string" ? isoTime(value.replace(/(\.\d{6})\d+/, "$1")) : null;
  return time === null ? null : Date.parse(`${time.replace(" ", "T")}Z`);
}

export const newestWithin = kind({
  expects: "the newest time to be at most a duration ago, and not after now",
  options: z.strictObject({ ...commonShape, column: columnName, age: duration }),
  plan: (options, context) => {
    const column = context.column(options.column, temporal);
    // A date stands for its whole day.
    const slack = column.family === "date" ? 86_400_000 : 0;
    return {
      by: "figure",
      expected: `the newest ${JSON.stringify(options.column)} at most ${options.age} old`,
      columns: [options.column],
      aggregates: { newest: sql`max(${column.sql})` },
      decide: ({ newest }, rowCount) => {
        const time = milliseconds(newest);
        const age = time === null ? null : context.nowMs - time;
        const reason =
          age === null
            ? "there is no time"
            : age < 0
              ? `it is ${formatDuration(-age)} after now`
              : `it is ${formatDuration(age)} old`;
        return {
          passed: age !== null && age >= 0 && age <= parseDuration(options.age) + slack,
          observed: newest ?? null,
          considered: rowCount,
          reason,
        };
      },
    };
  },
});

export const oldestWithin = kind({
  expects: "the oldest time to be at most a duration ago, as after a retention rule",
  options: z.strictObject({ ...commonShape, column: columnName, age: duration }),
  plan: (options, context) => {
    const column = context.column(options.column, temporal);
    return valueCheck(
      { ...options, nulls: "ignore" },
      context,
      temporal,
      `at most ${options.age} old`,
      () => sql`(${column.sql} >= ${moment(context.nowMs - parseDuration(options.age), column.family)})`,
    );
  },
});

export const notInFuture = kind({
  expects: "no time after now",
  options: z.strictObject({ ...valueShape, column: columnName }),
  plan: (options, context) =>
    valueCheck(
      options,
      context,
      temporal,
      "not to be after now",
      (column) => sql`(${column.sql} <= ${moment(context.nowMs, column.family)})`,
    ),
});

export const recentRowCountBetween = kind({
  expects: "the number of rows of the last duration within bounds",
  options: z
    .strictObject({ ...commonShape, ...boundsShape, column: columnName, window: duration })
    .refine(someBound, "give min or max"),
  plan: (options, context) => {
    const column = context.column(options.column, temporal);
    const start = moment(context.nowMs - parseDuration(options.window), column.family);
    return {
      by: "figure",
      expected: `the number of rows of the last ${options.window} ${describeBounds(options.min, options.max)}`,
      columns: [options.column],
      aggregates: {
        recent: context.dialect.countWhere(
          sql`${column.sql} > ${start} AND ${column.sql} <= ${moment(context.nowMs, column.family)}`,
        ),
      },
      decide: ({ recent }, rowCount) => ({
        passed: within(Number(recent), options),
        observed: Number(recent),
        considered: rowCount,
      }),
    };
  },
});

export const delayAtMost = kind({
  expects: "the time from one column to another to be at least 0 and at most a duration, as from event to arrival",
  options: z.strictObject({ ...valueShape, from: columnName, to: columnName, delay: duration }),
  plan: (options, context) => {
    const columns = [options.from, options.to].map((name) => context.column(name, temporal));
    const [from, to] = columns.map((column) => context.dialect.epochSeconds(column.sql));
    return columnsCheck(
      options,
      columns,
      `${JSON.stringify(options.to)} at most ${options.delay} after ${JSON.stringify(options.from)}`,
      sql`(${to ?? sql``} - ${from ?? sql``} BETWEEN ${bound(0, "double")} AND ${context.dialect.toDouble(boundNumber(parseDuration(options.delay) / 1000))})`,
    );
  },
});
