import { z } from "zod";
import { suiteInvalid } from "../errors.js";
import type { FigureCheck } from "../planner/check.js";
import type { ColumnReference, PlanContext } from "../planner/context.js";
import { isoTime } from "../planner/context.js";
import { bound, type Fragment, sql } from "../sql/fragment.js";
import { numeric, temporal } from "../sql/type-family.js";
import { boundsShape, columnName, commonShape, describeBounds, scalar, someBound } from "../suite/common.js";
import { kind } from "./kind.js";
import { finite, finiteValue } from "./row-check.js";
import { within } from "./within.js";

const figureShape = {
  ...commonShape,
  ...boundsShape,
  column: columnName,
  nulls: z.enum(["fail", "ignore"]).optional(),
};

interface FigureOptions {
  readonly column: string;
  readonly nulls?: "fail" | "ignore" | undefined;
  readonly min?: number | undefined;
  readonly max?: number | undefined;
}

/**
 * A figure of the finite values of a column. Missing values break it unless they are ignored; NaN and infinities always
 * do, because no figure that leaves them out stands for the column.
 */
function numericFigure(
  options: FigureOptions,
  context: PlanContext,
  words: string,
  aggregates: (column: ColumnReference, value: Fragment) => Readonly<Record<string, Fragment>>,
  figureOf: (figures: Readonly<Record<string, number>>) => number,
): FigureCheck {
  const column = context.column(options.column, numeric);
  return {
    by: "figure",
    expected: `${words} of ${JSON.stringify(options.column)} ${describeBounds(options.min, options.max)}`,
    columns: [options.column],
    aggregates: {
      ...aggregates(column, finiteValue(column)),
      present: sql`count(${column.sql})`,
      finite: sql`count(${finiteValue(column)})`,
    },
    decide: (figures, rowCount) => {
      const {
        present = 0,
        finite: finiteCount = 0,
        ...rest
      } = Object.fromEntries(
        Object.entries(figures).map(([name, value]) => [name, value === null ? Number.NaN : Number(value)]),
      );
      const observed = finiteCount === 0 ? null : figureOf({ ...rest, n: finiteCount });
      const problems = [
        ...(options.nulls !== "ignore" && present < rowCount ? [`${rowCount - present} values are missing`] : []),
        ...(finiteCount < present ? [`${present - finiteCount} values are NaN or infinite`] : []),
        ...(observed === null ? ["there is no value"] : within(observed, options) ? [] : [`it is ${observed}`]),
      ];
      return {
        passed: problems.length === 0,
        observed,
        considered: rowCount,
        ...(problems.length > 0 && { reason: problems.join(", ") }),
      };
    },
    suspicious: suspiciousValues(column, options.nulls),
  };
}

/** A figure can't say which rows are wrong, except those that have no finite value. */
function suspiciousValues(column: ColumnReference, nulls: FigureOptions["nulls"]): Fragment {
  const wrong = sql`(NOT ${finite(column)})`;
  return nulls === "ignore" ? wrong : sql`(${column.sql} IS NULL OR ${wrong})`;
}

function figureKind(expects: string, words: string, call: string) {
  return kind({
    expects: `${expects} within bounds`,
    options: z.strictObject(figureShape).refine(someBound, "give min or max"),
    plan: (options, planContext) =>
      numericFigure(
        options,
        planContext,
        words,
        (_, value) => ({ figure: sql`${{ pieces: [call] }}(${planContext.dialect.toDouble(value)})` }),
        ({ figure = Number.NaN }) => figure,
      ),
  });
}

export const meanBetween = figureKind("the mean", "the mean", "avg");
export const standardDeviationBetween = figureKind(
  "the sample standard deviation (n - 1)",
  "the standard deviation",
  "stddev_samp",
);
export const varianceBetween = figureKind("the sample variance (n - 1)", "the variance", "var_samp");

export const sumBetween = kind({
  expects: "the sum within bounds; exact for integers and decimals",
  options: z.strictObject(figureShape).refine(someBound, "give min or max"),
  plan: (options, context) =>
    numericFigure(
      options,
      context,
      "the sum",
      (_, value) => ({ figure: sql`sum(${value})` }),
      ({ figure = Number.NaN }) => figure,
    ),
});

const extremeShape = {
  ...commonShape,
  column: columnName,
  min: scalar.optional(),
  max: scalar.optional(),
  nulls: z.enum(["fail", "ignore"]).optional(),
};

/** Least or greatest value, of numbers, dates and times. */
function extremeKind(words: string, call: "min" | "max") {
  return kind({
    expects: `${words} within bounds`,
    options: z.strictObject(extremeShape).refine(someBound, "give min or max"),
    plan: (options, context) => {
      const column = context.column(options.column, [...numeric, ...temporal]);
      if (numeric.includes(column.family)) {
        const bounds = { min: numberBound(options.min), max: numberBound(options.max) };
        return numericFigure(
          { column: options.column, nulls: options.nulls, ...bounds },
          context,
          words,
          (_, value) => ({ figure: sql`${{ pieces: [call] }}(${value})` }),
          ({ figure = Number.NaN }) => figure,
        );
      }
      const [least, most] = [timeBound(options.min), timeBound(options.max)];
      return {
        by: "figure",
        expected: `${words} of ${JSON.stringify(options.column)} ${describeBounds(options.min, options.max)}`,
        columns: [options.column],
        aggregates: { figure: sql`${{ pieces: [call] }}(${column.sql})`, present: sql`count(${column.sql})` },
        decide: ({ figure, present }, rowCount) => {
          const time = typeof figure === "string" ? timeBound(figure) : null;
          const complete = options.nulls === "ignore" || Number(present) === rowCount;
          const passed =
            time !== null && complete && (least === null || time >= least) && (most === null || time <= most);
          return {
            passed,
            observed: figure ?? null,
            considered: rowCount,
            ...(!complete && { reason: `${rowCount - Number(present)} values are missing` }),
          };
        },
        suspicious: sql`(${column.sql} IS NULL)`,
      };
    },
  });
}

export const minBetween = extremeKind("the least value", "min");
export const maxBetween = extremeKind("the greatest value", "max");

function numberBound(value: z.output<typeof scalar> | undefined): number | undefined {
  if (value === undefined || typeof value === "number") return value;
  if (typeof value === "bigint") return Number(value);
  throw suiteInvalid("a number as bound of a numeric column", JSON.stringify(value), "Write the bound as a number.");
}

function timeBound(value: unknown): number | null {
  const time = typeof value === "string" ? isoTime(value) : null;
  return time === null ? null : Date.parse(`${time.replace(" ", "T")}Z`);
}

const probability = z.number().min(0).max(1);

/**
 * The quantile is the smallest value whose cumulative fraction is at least p (type 1 of Hyndman and Fan, 1996). So it lies
 * within bounds exactly when at least p of the values are <= max and fewer than p are < min: two counts decide it in bounded
 * memory, without sorting.
 */
function quantileCheck(options: FigureOptions & { readonly probability: number }, context: PlanContext): FigureCheck {
  const column = context.column(options.column, numeric);
  const value = finiteValue(column);
  const p = options.probability;
  const limit = (bounding: number | undefined, otherwise: number): Fragment => bound(bounding ?? otherwise, "double");
  return {
    by: "figure",
    expected: `the ${p} quantile of ${JSON.stringify(options.column)} ${describeBounds(options.min, options.max)}`,
    columns: [options.column],
    aggregates: {
      below: context.dialect.countWhere(sql`${value} < ${limit(options.min, Number.NEGATIVE_INFINITY)}`),
      upTo: context.dialect.countWhere(sql`${value} <= ${limit(options.max, Number.POSITIVE_INFINITY)}`),
      finite: sql`count(${value})`,
      present: sql`count(${column.sql})`,
    },
    decide: ({ below, upTo, finite: count, present }, rowCount) => {
      const n = Number(count);
      // Rank of the quantile, from 1; the 0 quantile is the least value.
      const rank = Math.max(1, Math.ceil(p * n - 1e-9));
      const inside = n > 0 && Number(below) < rank && Number(upTo) >= rank;
      const problems = [
        ...(options.nulls !== "ignore" && Number(present) < rowCount
          ? [`${rowCount - Number(present)} values are missing`]
          : []),
        ...(n < Number(present) ? [`${Number(present) - n} values are NaN or infinite`] : []),
        ...(n === 0 ? ["there is no value"] : []),
        ...(n > 0 && !inside ? [`${Number(below)} of ${n} values are below, ${n - Number(upTo)} above`] : []),
      ];
      return {
        passed: problems.length === 0,
        observed: { fractionBelow: Number(below) / n, fractionAbove: (n - Number(upTo)) / n },
        considered: rowCount,
        ...(problems.length > 0 && { reason: problems.join(", ") }),
      };
    },
    suspicious: suspiciousValues(column, options.nulls),
  };
}

export const quantileBetween = kind({
  expects: "a quantile (the smallest value whose cumulative fraction is at least p) within bounds, exact",
  options: z.strictObject({ ...figureShape, probability }).refine(someBound, "give min or max"),
  plan: quantileCheck,
});

export const medianBetween = kind({
  expects: "the lower median within bounds, exact",
  options: z.strictObject(figureShape).refine(someBound, "give min or max"),
  plan: (options, context) => quantileCheck({ ...options, probability: 0.5 }, context),
});

export const trueFractionBetween = kind({
  expects: "the fraction of rows in which a boolean column is true within bounds, nulls not counted as true",
  options: z.strictObject({ ...commonShape, ...boundsShape, column: columnName }).refine(someBound, "give min or max"),
  plan: (options, context) => {
    const column = context.column(options.column, ["boolean"]);
    return {
      by: "figure",
      expected: `the fraction of true of ${JSON.stringify(options.column)} ${describeBounds(options.min, options.max)}`,
      columns: [options.column],
      aggregates: { held: context.dialect.countWhere(column.sql) },
      decide: ({ held }, rowCount) => {
        const observed = Number(held) / rowCount;
        return { passed: within(observed, options), observed, considered: rowCount };
      },
    };
  },
});

export const correlationBetween = kind({
  expects: "Pearson's correlation of two columns within bounds, over rows in which both are finite",
  options: z
    .strictObject({ ...commonShape, ...boundsShape, columns: z.tuple([columnName, columnName]) })
    .refine(someBound, "give min or max"),
  plan: (options, context) => {
    const [left, right] = options.columns.map((name) => context.column(name, numeric)) as [
      ColumnReference,
      ColumnReference,
    ];
    const both = sql`${finite(left)} AND ${finite(right)}`;
    const value = (column: ColumnReference): Fragment =>
      sql`CASE WHEN ${both} THEN ${context.dialect.toDouble(column.sql)} END`;
    return {
      by: "figure",
      expected: `the correlation of ${JSON.stringify(left.name)} and ${JSON.stringify(right.name)} ${describeBounds(options.min, options.max)}`,
      columns: options.columns,
      aggregates: { correlation: sql`corr(${value(left)}, ${value(right)})` },
      decide: ({ correlation }, rowCount) => {
        const observed = correlation === null || correlation === undefined ? Number.NaN : Number(correlation);
        return { passed: within(observed, options), observed, considered: rowCount };
      },
    };
  },
});
