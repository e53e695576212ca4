import { z } from "zod";
import type { Check } from "../planner/check.js";
import { boundsShape, commonShape, describeBounds, someBound } from "../suite/common.js";
import { kind } from "./kind.js";
import { within } from "./within.js";

function rowCountCheck(expected: string, passes: (rowCount: number) => boolean): Check {
  return {
    by: "figure",
    expected,
    columns: [],
    aggregates: {},
    decide: (_, rowCount) => ({ passed: passes(rowCount), observed: rowCount, considered: rowCount }),
  };
}

export const notEmpty = kind({
  expects: "at least one row",
  options: z.strictObject(commonShape),
  plan: () => rowCountCheck("at least one row", (rowCount) => rowCount > 0),
});

export const rowCountBetween = kind({
  expects: "a number of rows within bounds",
  options: z.strictObject({ ...commonShape, ...boundsShape }).refine(someBound, "give min or max"),
  plan: (options) =>
    rowCountCheck(`the number of rows ${describeBounds(options.min, options.max)}`, (rowCount) =>
      within(rowCount, options),
    ),
});

export const rowCountEquals = kind({
  expects: "a given number of rows",
  options: z.strictObject({ ...commonShape, count: z.int().min(0) }),
  plan: (options) => rowCountCheck(`${options.count} rows`, (rowCount) => rowCount === options.count),
});

export const rowCountNear = kind({
  expects: "a number of rows near a usual one, within a relative tolerance",
  options: z.strictObject({ ...commonShape, usual: z.number().positive(), tolerance: z.number().min(0) }),
  plan: (options) =>
    rowCountCheck(
      `${options.usual} rows, more or less ${options.tolerance * 100} %`,
      (rowCount) => Math.abs(rowCount - options.usual) <= options.tolerance * options.usual,
    ),
});
