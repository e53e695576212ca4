import { z } from "zod";
import { all, boundNumber, type Fragment, sql } from "../sql/fragment.js";
import { numeric } from "../sql/type-family.js";
import { columnName, describeBounds, scalar, someBound, valueShape } from "../suite/common.js";
import { kind } from "./kind.js";
import { compare, finite, valueCheck } from "./row-check.js";

const ordered = [...numeric, "date", "timestamp", "text"] as const;

export const between = kind({
  expects: "values within bounds, both inclusive; NaN is within none",
  options: z
    .strictObject({ ...valueShape, column: columnName, min: scalar.optional(), max: scalar.optional() })
    .refine(someBound, "give min or max"),
  plan: (options, context) =>
    valueCheck(options, context, ordered, `to be ${describeBounds(options.min, options.max)}`, (column) => {
      const conditions: Fragment[] = [];
      if (options.min !== undefined) conditions.push(compare(column, ">=", context.value(options.min, column)));
      if (options.max !== undefined) conditions.push(compare(column, "<=", context.value(options.max, column)));
      return all(conditions);
    }),
});

function comparisonKind(operator: "<" | ">", words: string) {
  return kind({
    expects: `values ${words} a bound, itself not allowed; NaN is not`,
    options: z.strictObject({ ...valueShape, column: columnName, value: scalar }),
    plan: (options, context) =>
      valueCheck(options, context, ordered, `to be ${words} ${options.value}`, (column) =>
        compare(column, operator, context.value(options.value, column)),
      ),
  });
}

export const greaterThan = comparisonKind(">", "above");
export const lessThan = comparisonKind("<", "below");

function signKind(operator: ">" | ">=" | "<", words: string) {
  return kind({
    expects: `numbers that are ${words}; NaN is not`,
    options: z.strictObject({ ...valueShape, column: columnName }),
    plan: (options, context) =>
      valueCheck(options, context, numeric, `to be ${words}`, (column) => compare(column, operator, boundNumber(0))),
  });
}

export const positive = signKind(">", "positive");
export const nonNegative = signKind(">=", "zero or positive");
export const negative = signKind("<", "negative");

export const integral = kind({
  expects: "numbers without a fraction",
  options: z.strictObject({ ...valueShape, column: columnName }),
  plan: (options, context) =>
    valueCheck(options, context, numeric, "to be whole numbers", (column) =>
      column.family === "integer" ? finite(column) : sql`(${finite(column)} AND floor(${column.sql}) = ${column.sql})`,
    ),
});

export const multipleOf = kind({
  expects: "multiples of a step, within a tolerance of 1e-9 steps",
  options: z.strictObject({ ...valueShape, column: columnName, step: z.number().positive() }),
  plan: (options, context) =>
    valueCheck(options, context, numeric, `to be a multiple of ${options.step}`, (column) => {
      const steps = sql`(${context.dialect.toDouble(column.sql)} / ${context.dialect.toDouble(boundNumber(options.step))})`;
      return sql`(${finite(column)} AND abs(${steps} - floor(${steps} + 0.5)) <= 1e-9)`;
    }),
});

/** Bounds on an angle's or fraction's usual interval, so that they need not be typed. */
function intervalKind(words: string, least: number, most: number) {
  return kind({
    expects: `${words}, ${least} .. ${most}`,
    options: z.strictObject({ ...valueShape, column: columnName }),
    plan: (options, context) =>
      valueCheck(
        options,
        context,
        numeric,
        `to be ${words} (${least} .. ${most})`,
        (column) => sql`(${column.sql} BETWEEN ${boundNumber(least)} AND ${boundNumber(most)})`,
      ),
  });
}

export const isFraction = intervalKind("a fraction", 0, 1);
export const isLatitude = intervalKind("a latitude in degrees", -90, 90);
export const isLongitude = intervalKind("a longitude in degrees", -180, 180);
