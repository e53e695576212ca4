import { chiSquare } from "@deepwright/stats";
import { z } from "zod";
import type { QueryCheck } from "../planner/check.js";
import { type ColumnReference, type PlanContext, tableRows } from "../planner/context.js";
import { bound, boundNumber, boundText, type Fragment, join, sql, text } from "../sql/fragment.js";
import { numeric } from "../sql/type-family.js";
import { boundsShape, columnName, commonShape, describeBounds, someBound } from "../suite/common.js";
import { categoricalDistance, jensenShannonDistance, pearsonChiSquare, populationStabilityIndex } from "./distances.js";
import { kind } from "./kind.js";
import { finite } from "./row-check.js";
import { within } from "./within.js";

/** Fractions that were seen in good data: of categories, or of bins between rising edges (the first and last are open). */
const reference = z.union([
  z.strictObject({ categories: z.record(z.string(), z.number().min(0)) }),
  z
    .strictObject({ edges: z.array(z.number()).min(1).max(200), fractions: z.array(z.number().min(0)).min(2) })
    .refine(({ edges, fractions }) => fractions.length === edges.length + 1, "give one fraction more than edges")
    .refine(
      ({ edges }) => edges.every((edge, index) => index === 0 || edge > (edges[index - 1] as number)),
      "edges must rise",
    ),
]);
type Reference = z.output<typeof reference>;

interface Counts {
  readonly observed: readonly number[];
  readonly expected: readonly number[];
  /** Rows of no category of the reference, or without a finite value. */
  readonly outside: number;
}

/** Counts each bin or category of the reference: one aggregate each over one column, read once. */
function countsCheck(
  options: { readonly column: string; readonly reference: Reference },
  context: PlanContext,
  expected: string,
  decide: (counts: Counts) => { readonly passed: boolean; readonly observed: number; readonly reason: string },
): QueryCheck {
  const given = options.reference;
  const column = context.column(options.column, "edges" in given ? numeric : ["text", "boolean", ...numeric]);
  const labels = "edges" in given ? given.fractions.map((_, index) => String(index)) : Object.keys(given.categories);
  const bin =
    "edges" in given ? binOf(given.edges, column, context) : categoryOf(labels, context.dialect.toText(column.sql));
  const weights = "edges" in given ? given.fractions : Object.values(given.categories);
  const counts = labels.map(
    (_, index) =>
      sql`sum(CASE WHEN bin = ${boundNumber(index)} THEN deepwright_occurrences ELSE 0 END) AS ${text(`bin${index}`)}`,
  );
  return {
    by: "query",
    expected,
    columns: [options.column],
    figures: [...labels.map((_, index) => `bin${index}`), "outside"],
    statement: sql`SELECT ${join(counts, ", ")}, sum(CASE WHEN bin = -1 THEN deepwright_occurrences ELSE 0 END) AS outside FROM (SELECT ${bin} AS bin, count(*) AS deepwright_occurrences FROM ${context.rows} GROUP BY 1) AS bins`,
    decide: (figures, rowCount) => {
      const observed = labels.map((_, index) => Number(figures[`bin${index}`] ?? 0));
      const outside = Number(figures.outside ?? 0);
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      if (outside === rowCount || total === 0) {
        return {
          passed: false,
          observed: null,
          failing: outside,
          considered: rowCount,
          reason: "no row has a value that the reference knows",
        };
      }
      const decision = decide({ observed, expected: weights.map((weight) => weight / total), outside });
      return { ...decision, considered: rowCount };
    },
  };
}

function binOf(edges: readonly number[], column: ColumnReference, context: PlanContext): Fragment {
  const value = context.dialect.toDouble(column.sql);
  const whens = edges.map((edge, index) => sql`WHEN ${value} < ${bound(edge, "double")} THEN ${boundNumber(index)}`);
  return sql`CASE WHEN (${finite(column)}) IS NOT TRUE THEN -1 ${join(whens, " ")} ELSE ${boundNumber(edges.length)} END`;
}

function categoryOf(labels: readonly string[], value: Fragment): Fragment {
  const whens = labels.map((label, index) => sql`WHEN ${value} = ${boundText(label)} THEN ${boundNumber(index)}`);
  return sql`CASE ${join(whens, " ")} ELSE -1 END`;
}

const shown = (value: number): string => Number(value.toPrecision(4)).toString();

export const populationStabilityAtMost = kind({
  expects: "the population stability index against reference fractions at most a bound (0.1 small, 0.25 large)",
  options: z.strictObject({ ...commonShape, column: columnName, reference, max: z.number().min(0) }),
  plan: (options, context) =>
    countsCheck(
      options,
      context,
      `the stability index of ${JSON.stringify(options.column)} at most ${options.max}`,
      (counts) => {
        const observed = populationStabilityIndex(withOutside(counts));
        return { passed: observed <= options.max, observed, reason: `it is ${shown(observed)}` };
      },
    ),
});

export const jensenShannonAtMost = kind({
  expects: "the Jensen-Shannon distance (base 2, 0 .. 1) from reference fractions at most a bound",
  options: z.strictObject({ ...commonShape, column: columnName, reference, max: z.number().min(0).max(1) }),
  plan: (options, context) =>
    countsCheck(
      options,
      context,
      `the Jensen-Shannon distance of ${JSON.stringify(options.column)} at most ${options.max}`,
      (counts) => {
        const observed = jensenShannonDistance(withOutside(counts));
        return { passed: observed <= options.max, observed, reason: `it is ${shown(observed)}` };
      },
    ),
});

export const fractionsNear = kind({
  expects: "each category's or bin's fraction near that of the reference, within an absolute tolerance",
  options: z.strictObject({ ...commonShape, column: columnName, reference, tolerance: z.number().min(0).max(1) }),
  plan: (options, context) =>
    countsCheck(
      options,
      context,
      `fractions of ${JSON.stringify(options.column)} within ${options.tolerance} of the reference`,
      (counts) => {
        const observed = categoricalDistance(withOutside(counts));
        return { passed: observed <= options.tolerance, observed, reason: `one is ${shown(observed)} off` };
      },
    ),
});

export const chiSquareFits = kind({
  expects: "Pearson's chi-square test against reference fractions not to reject at a level (p >= minPValue)",
  options: z.strictObject({ ...commonShape, column: columnName, reference, minPValue: z.number().min(0).max(1) }),
  plan: (options, context) =>
    countsCheck(
      options,
      context,
      `${JSON.stringify(options.column)} to fit the reference with p >= ${options.minPValue}`,
      (counts) => {
        const { statistic, degreesOfFreedom } = pearsonChiSquare(withOutside(counts));
        const observed =
          degreesOfFreedom === 0
            ? statistic === 0
              ? 1
              : 0
            : Number.isFinite(statistic)
              ? chiSquare(degreesOfFreedom).survival(statistic)
              : 0;
        return {
          passed: observed >= options.minPValue,
          observed,
          reason: `chi-square is ${shown(statistic)} with ${degreesOfFreedom} degrees of freedom, p = ${shown(observed)}`,
        };
      },
    ),
});

/** Rows outside the reference are a category of their own, which the reference never saw. */
function withOutside({ observed, expected, outside }: Counts): { observed: number[]; expected: number[] } {
  return outside === 0
    ? { observed: [...observed], expected: [...expected] }
    : { observed: [...observed, outside], expected: [...expected, 0] };
}

export const kolmogorovSmirnovAtMost = kind({
  expects:
    "the two-sample Kolmogorov-Smirnov statistic against a reference (values, or a column of another source) at most a bound, or its asymptotic p-value at least one",
  options: z
    .strictObject({
      ...commonShape,
      column: columnName,
      reference: z.union([
        z.strictObject({ values: z.array(z.number()).min(1).max(1_000) }),
        z.strictObject({ source: z.string().min(1), column: columnName }),
      ]),
      maxStatistic: z.number().min(0).max(1).optional(),
      minPValue: z.number().min(0).max(1).optional(),
    })
    .refine(
      (options) => options.maxStatistic !== undefined || options.minPValue !== undefined,
      "give maxStatistic or minPValue",
    ),
  plan: (options, context) => {
    const column = context.column(options.column, numeric);
    const theirs = referenceValues(options.reference, context);
    const both = sql`SELECT ${context.dialect.toDouble(column.sql)} AS x, 1 AS ours, 0 AS theirs FROM ${context.rows} WHERE ${finite(column)} UNION ALL ${theirs}`;
    const steps = sql`SELECT x, sum(ours) AS ours, sum(theirs) AS theirs FROM (${both}) AS both_samples GROUP BY x`;
    const cumulative = sql`SELECT sum(ours) OVER (ORDER BY x) AS ours, sum(theirs) OVER (ORDER BY x) AS theirs FROM (${steps}) AS steps`;
    const [a, b] = [text("ours"), text("theirs")].map((name) => context.dialect.toDouble(name)) as [Fragment, Fragment];
    return {
      by: "query",
      expected: `${JSON.stringify(options.column)} to be distributed as the reference`,
      columns: [options.column],
      figures: ["statistic", "n", "m"],
      statement: sql`SELECT max(abs(${a} / n - ${b} / m)) AS statistic, max(n) AS n, max(m) AS m FROM (${cumulative}) AS cumulative CROSS JOIN (SELECT CASE WHEN sum(ours) > 0 THEN sum(ours) END AS n, CASE WHEN sum(theirs) > 0 THEN sum(theirs) END AS m FROM (${steps}) AS totals) AS sizes`,
      decide: ({ statistic, n, m }, rowCount) => {
        if (statistic === null || Number(n) === 0)
          return { passed: false, observed: null, reason: "one of the samples is empty" };
        const d = Number(statistic);
        const p = kolmogorovSurvival(d, Number(n), Number(m));
        return {
          passed: d <= (options.maxStatistic ?? 1) && p >= (options.minPValue ?? 0),
          observed: { statistic: d, pValue: p },
          considered: rowCount,
          reason: `the statistic is ${shown(d)}, p = ${shown(p)}`,
        };
      },
    };
  },
});

function referenceValues(
  given: { values: readonly number[] } | { source: string; column: string },
  context: PlanContext,
): Fragment {
  if ("values" in given) {
    return join(
      given.values.map((value) => sql`SELECT ${bound(value, "double")} AS x, 0 AS ours, 1 AS theirs`),
      " UNION ALL ",
    );
  }
  const table = context.source(given.source);
  const column = context.columnOf(table, given.column);
  return sql`SELECT ${context.dialect.toDouble(column.sql)} AS x, 0 AS ours, 1 AS theirs FROM ${tableRows(table, "reference")} WHERE ${finite(column)}`;
}

/** Kolmogorov's limit with Stephens' correction of the effective size (Numerical Recipes, 3rd edition, 14.3.18). */
export function kolmogorovSurvival(statistic: number, n: number, m: number): number {
  const size = Math.sqrt((n * m) / (n + m));
  const lambda = (size + 0.12 + 0.11 / size) * statistic;
  // The series converges slowly below, where the probability is 1 to 12 digits.
  if (lambda < 0.3) return 1;
  let sum = 0;
  for (let k = 1; k <= 100; k++) sum += (k % 2 === 1 ? 2 : -2) * Math.exp(-2 * k * k * lambda * lambda);
  return Math.min(1, Math.max(0, sum));
}

/** Third and fourth standardized moments need the mean first, so the statement reads the column twice. */
function momentKind(expects: string, words: string, power: 3 | 4, subtract: number) {
  return kind({
    expects,
    options: z
      .strictObject({ ...commonShape, ...boundsShape, column: columnName })
      .refine(someBound, "give min or max"),
    plan: (options, context) => {
      const column = context.column(options.column, numeric);
      const value = context.dialect.toDouble(column.sql);
      const usable = sql`FROM ${context.rows} WHERE ${finite(column)}`;
      const centered = sql`(${value} - deepwright_center)`;
      const powered = join(
        Array.from({ length: power }, () => centered),
        " * ",
      );
      return {
        by: "query",
        expected: `${words} of ${JSON.stringify(options.column)} ${describeBounds(options.min, options.max)}`,
        columns: [options.column],
        figures: ["moment", "variance", "n"],
        statement: sql`SELECT avg(${powered}) AS moment, avg(${centered} * ${centered}) AS variance, count(*) AS n FROM (SELECT ${column.sql}, deepwright_center FROM ${context.rows} CROSS JOIN (SELECT avg(${value}) AS deepwright_center ${usable}) AS centers WHERE ${finite(column)}) AS centered`,
        decide: ({ moment, variance, n }, rowCount) => {
          const observed =
            moment === null || moment === undefined || Number(variance) === 0
              ? null
              : Number(moment) / Number(variance) ** (power / 2) - subtract;
          return {
            passed: observed !== null && Number(n) === rowCount && within(observed, options),
            observed,
            considered: rowCount,
            ...(Number(n) < rowCount && { reason: `${rowCount - Number(n)} values are missing, NaN or infinite` }),
          };
        },
      };
    },
  });
}

export const skewnessBetween = momentKind("the skewness g1 (population moments) within bounds", "the skewness", 3, 0);
export const kurtosisBetween = momentKind(
  "the excess kurtosis g2 (population moments) within bounds",
  "the excess kurtosis",
  4,
  3,
);

export const outliersAtMost = kind({
  expects: "at most a fraction of values further from the mean than so many standard deviations",
  options: z.strictObject({
    ...commonShape,
    column: columnName,
    deviations: z.number().positive(),
    max: z.number().min(0).max(1),
  }),
  plan: (options, context) => {
    const column = context.column(options.column, numeric);
    const value = context.dialect.toDouble(column.sql);
    const usable = sql`FROM ${context.rows} WHERE ${finite(column)}`;
    const joined = sql`${context.rows} CROSS JOIN (SELECT avg(${value}) AS deepwright_center, stddev_samp(${value}) AS deepwright_spread ${usable}) AS moments`;
    const far = sql`(abs(${value} - deepwright_center) > ${bound(options.deviations, "double")} * deepwright_spread)`;
    return {
      by: "query",
      expected: `at most ${options.max * 100} % of ${JSON.stringify(options.column)} beyond ${options.deviations} standard deviations`,
      columns: [options.column],
      figures: ["far", "n"],
      statement: sql`SELECT count(CASE WHEN ${finite(column)} AND ${far} THEN 1 END) AS far, count(CASE WHEN ${finite(column)} THEN 1 END) AS n FROM ${joined}`,
      decide: ({ far: count, n }, rowCount) => {
        const unusable = rowCount - Number(n);
        const failing = Number(count) + unusable;
        return {
          passed: Number(n) > 0 && failing <= options.max * rowCount,
          observed: Number(count) / Number(n),
          failing,
          considered: rowCount,
        };
      },
      failing: sql`SELECT data.* FROM ${joined} WHERE (${finite(column)}) IS NOT TRUE OR ${far}`,
    };
  },
});
