import { chiSquare } from "@deepwright/stats";
import fc from "fast-check";
import {
  categoricalDistance,
  jensenShannonDistance,
  pearsonChiSquare,
  populationStabilityIndex,
} from "../expectations/distances.js";
import type { Environment, SomeKindCases } from "./case.js";
import {
  type Bounds,
  cellKey,
  eachRow,
  eachValue,
  groupBy,
  inside,
  mean,
  type NaiveResult,
  seconds,
  sqlCompare,
  variance,
} from "./naive.js";
import { categories, type Row } from "./random-table.js";
import { nulls, options } from "./value-cases.js";

const cell = (row: Row, column: string): Row[keyof Row] => row[column as keyof Row];
const by = fc.constantFrom<string[]>(["s"], ["b"], ["s", "b"]);
const ages = fc.constantFrom("12h", "2d", "9d");
const finiteValues = (rows: readonly Row[], column: string): number[] =>
  rows
    .map((row) => cell(row, column))
    .filter((value): value is number => typeof value === "number" && Number.isFinite(value));

function groupFigures(
  rows: readonly Row[],
  given: Bounds & { readonly by: readonly string[] },
  figure: (group: Row[]) => number | null,
): NaiveResult {
  const figures = [...groupBy(rows, (row) => cellKey(row, given.by)).values()].map(figure);
  const failing = figures.filter((value) => value === null || Number.isNaN(value) || !inside(value, given)).length;
  return { passed: figures.length > 0 && failing === 0, failing, considered: figures.length };
}

/** Figures of SQL over a group: nulls are left out; NaN is the greatest. */
function groupColumn(figure: (values: number[]) => number) {
  return {
    options: options({
      column: fc.constantFrom("i", "j", "d"),
      by,
      min: fc.constantFrom(undefined, -2.5, 0),
      max: fc.constantFrom(3.1, 100),
    }),
    naive: (
      rows: readonly Row[],
      given: Bounds & { readonly by: readonly string[]; readonly column: string },
    ): NaiveResult =>
      groupFigures(rows, given, (group) => {
        const values = group.map((row) => cell(row, given.column)).filter((value): value is number => value !== null);
        return values.length === 0 ? null : figure(values);
      }),
  };
}

function steps(
  rows: readonly Row[],
  given: { column: string; orderBy: readonly string[]; by?: readonly string[] | undefined },
  wrong: (value: number, previous: number) => boolean,
): NaiveResult {
  let failing = 0;
  for (const group of groupBy(rows, (row) => cellKey(row, given.by ?? [])).values()) {
    const ordered = [...group].sort((left, right) => {
      for (const column of given.orderBy) {
        const [a, b] = [cell(left, column), cell(right, column)];
        if (a === null || b === null) return (a === null ? 1 : 0) - (b === null ? 1 : 0);
        const order = sqlCompare(a as number | string, b as number | string);
        if (order !== 0) return order;
      }
      return 0;
    });
    ordered.forEach((row, index) => {
      const value = cell(row, given.column) as number | null;
      const previous = index === 0 ? null : (cell(ordered[index - 1] as Row, given.column) as number | null);
      if (value === null || (previous !== null && wrong(value, previous))) failing += 1;
    });
  }
  return { passed: failing === 0, failing };
}

const monotonic = (wrong: (order: number) => boolean) => ({
  options: options({
    column: fc.constantFrom("i", "j", "d", "id", "day"),
    orderBy: fc.constant<string[]>(["id"]),
    by: fc.option(by, { nil: undefined }),
  }),
  naive: (rows: readonly Row[], given: { column: string; orderBy: string[]; by?: string[] | undefined }) =>
    steps(rows, given, (value, previous) => wrong(sqlCompare(value, previous))),
});

const gaps = (wrong: (gap: number, limit: number) => boolean) => ({
  options: options({
    column: fc.constantFrom("day", "at"),
    gap: fc.constantFrom("1d", "12h", "4d"),
    by: fc.option(by, { nil: undefined }),
  }),
  naive: (rows: readonly Row[], given: { column: string; gap: string; by?: string[] | undefined }) =>
    steps(rows, { ...given, orderBy: [given.column] }, (value, previous) =>
      wrong(seconds(value) - seconds(previous), duration(given.gap)),
    ),
});

const duration = (text: string): number => Number.parseInt(text, 10) * (text.endsWith("d") ? 86_400 : 3_600);

type Reference =
  | { readonly categories: Record<string, number> }
  | { readonly edges: number[]; readonly fractions: number[] };

const references = fc.constantFrom<{ column: string; reference: Reference }>(
  { column: "s", reference: { categories: { x: 0.5, y: 0.3, z: 0.2 } } },
  { column: "s", reference: { categories: { x: 2, y: 1 } } },
  { column: "d", reference: { edges: [0, 1.25, 2.5], fractions: [0.1, 0.4, 0.3, 0.2] } },
  { column: "i", reference: { edges: [2], fractions: [1, 1] } },
);

const distance = <Limit extends "max" | "tolerance" | "minPValue">(
  limit: Limit,
  figure: (sample: { observed: number[]; expected: number[] }) => number,
) => ({
  options: fc
    .tuple(references, fc.constantFrom(0.0501, 0.3001, 0.8001))
    .map(([given, value]) => ({ ...given, [limit]: value }) as typeof given & Record<Limit, number>),
  naive: (
    rows: readonly Row[],
    given: { readonly column: string; readonly reference: Reference } & Record<Limit, number>,
  ): NaiveResult => {
    const { reference } = given;
    const weights = "edges" in reference ? reference.fractions : Object.values(reference.categories);
    const labels = "edges" in reference ? [] : Object.keys(reference.categories);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const observed = weights.map(() => 0);
    let outside = 0;
    for (const row of rows) {
      const value = cell(row, given.column);
      const first =
        "edges" in reference
          ? reference.edges.findIndex((edge) => (value as number) < edge)
          : labels.indexOf(String(value));
      const usable =
        "edges" in reference ? typeof value === "number" && Number.isFinite(value) : value !== null && first >= 0;
      const bin = first >= 0 || !("edges" in reference) ? first : reference.edges.length;
      if (usable) observed[bin] = (observed[bin] as number) + 1;
      else outside += 1;
    }
    if (outside === rows.length) return { passed: false };
    const expected = weights.map((weight) => weight / total);
    const value = figure(
      outside > 0 ? { observed: [...observed, outside], expected: [...expected, 0] } : { observed, expected },
    );
    return { passed: limit === "minPValue" ? value >= given[limit] : value <= given[limit], observed: value };
  },
});

function kolmogorov(ours: readonly number[], theirs: readonly number[]): number {
  const share = (values: readonly number[], x: number): number =>
    values.filter((value) => value <= x).length / values.length;
  return Math.max(...[...ours, ...theirs].map((x) => Math.abs(share(ours, x) - share(theirs, x))));
}

function moment(power: 3 | 4, subtract: number) {
  return {
    options: options({
      column: fc.constantFrom("i", "j", "d"),
      min: fc.constantFrom(undefined, -1.01),
      max: fc.constantFrom(0.51, 5.01),
    }),
    naive: (rows: readonly Row[], given: Bounds & { readonly column: string }): NaiveResult => {
      const values = finiteValues(rows, given.column);
      const center = mean(values);
      const central = (k: number): number => mean(values.map((value) => (value - center) ** k));
      const observed =
        values.length === 0 || central(2) === 0 ? null : central(power) / central(2) ** (power / 2) - subtract;
      return { passed: values.length === rows.length && inside(observed, given) };
    },
  };
}

const orphanRows = (rows: readonly Row[], parents: Environment["parents"]): number =>
  rows.filter((row) => row.i !== null && !parents.some((parent) => parent.k === row.i)).length;

export const statementCases: SomeKindCases<
  | "foreignKey"
  | "childCountBetween"
  | "rowCountMatchesSource"
  | "figureMatchesSource"
  | "populationStabilityAtMost"
  | "jensenShannonAtMost"
  | "fractionsNear"
  | "chiSquareFits"
  | "kolmogorovSmirnovAtMost"
  | "skewnessBetween"
  | "kurtosisBetween"
  | "outliersAtMost"
  | "newestWithin"
  | "oldestWithin"
  | "notInFuture"
  | "recentRowCountBetween"
  | "delayAtMost"
  | "increasing"
  | "strictlyIncreasing"
  | "decreasing"
  | "strictlyDecreasing"
  | "gapsAtMost"
  | "evenlySpaced"
  | "consecutive"
  | "groupRowCountBetween"
  | "groupCountBetween"
  | "groupMeanBetween"
  | "groupSumBetween"
  | "groupMinBetween"
  | "groupMaxBetween"
  | "groupDistinctCountBetween"
  | "groupNullFractionAtMost"
  | "groupShareAtMost"
  | "customRows"
  | "customFigure"
  | "customAggregate"
  | "customFunction"
> = {
  foreignKey: {
    options: options({
      columns: fc.constant<string[]>(["i"]),
      references: fc.constant<{ source: string; columns: string[] }>({ source: "parents", columns: ["k"] }),
      nulls,
    }),
    naive: (rows, given, { parents }) => {
      const missing = rows.filter((row) => row.i === null).length;
      const failing = orphanRows(rows, parents) + (given.nulls === "ignore" ? 0 : missing);
      const considered = rows.length - (given.nulls === "ignore" ? missing : 0);
      return { passed: considered > 0 && failing === 0, failing, considered };
    },
  },
  childCountBetween: {
    options: options({
      columns: fc.constant<string[]>(["i"]),
      references: fc.constant<{ source: string; columns: string[] }>({ source: "parents", columns: ["k"] }),
      min: fc.constantFrom(undefined, 0, 1),
      max: fc.constantFrom(1, 4),
    }),
    naive: (rows, given, { parents }) => {
      const counts = parents.map((parent) => rows.filter((row) => row.i !== null && row.i === parent.k).length);
      const failing = counts.filter((count) => !inside(count, { min: given.min ?? 0, max: given.max })).length;
      return { passed: counts.length > 0 && failing === 0, failing, considered: counts.length };
    },
  },
  rowCountMatchesSource: {
    options: options({
      source: fc.constant("parents"),
      factor: fc.constantFrom(undefined, 2),
      tolerance: fc.constantFrom(undefined, 0.5),
    }),
    naive: (rows, given, { parents }) => {
      const wanted = parents.length * (given.factor ?? 1);
      return { passed: wanted > 0 && Math.abs(rows.length - wanted) <= (given.tolerance ?? 0) * wanted };
    },
  },
  figureMatchesSource: {
    options: options({
      column: fc.constant("i"),
      figure: fc.constantFrom("sum" as const, "max" as const, "count" as const),
      references: fc.constant({ source: "parents", column: "k" }),
      tolerance: fc.constantFrom(undefined, 0.5),
    }),
    naive: (rows, given, { parents }) => {
      const [ours, theirs] = [rows.map((row) => row.i), parents.map((parent) => parent.k)].map((values) => {
        const numbers = values.filter((value): value is number => value !== null);
        if (given.figure === "count") return numbers.length;
        if (numbers.length === 0) return Number.NaN;
        return given.figure === "max" ? Math.max(...numbers) : numbers.reduce((sum, value) => sum + value, 0);
      }) as [number, number];
      return {
        passed: Math.abs(ours - theirs) <= (given.tolerance ?? 1e-9) * Math.max(Math.abs(ours), Math.abs(theirs)),
      };
    },
  },
  populationStabilityAtMost: distance("max", populationStabilityIndex),
  jensenShannonAtMost: distance("max", jensenShannonDistance),
  fractionsNear: distance("tolerance", categoricalDistance),
  chiSquareFits: distance("minPValue", (sample) => {
    const { statistic, degreesOfFreedom } = pearsonChiSquare(sample);
    return Number.isFinite(statistic) ? chiSquare(degreesOfFreedom).survival(statistic) : 0;
  }),
  kolmogorovSmirnovAtMost: {
    options: options({
      column: fc.constantFrom("i", "d"),
      reference: fc.constantFrom<{ values: number[] } | { source: string; column: string }>(
        { values: [0, 1, 2, 2.5] },
        { source: "parents", column: "x" },
      ),
      maxStatistic: fc.constantFrom(0.2001, 0.5001, 0.9001),
    }),
    naive: (rows, given, { parents }) => {
      const theirs =
        "values" in given.reference
          ? given.reference.values
          : parents.map((parent) => parent.x).filter((x): x is number => x !== null && Number.isFinite(x));
      const ours = finiteValues(rows, given.column);
      return { passed: ours.length > 0 && theirs.length > 0 && kolmogorov(ours, theirs) <= (given.maxStatistic ?? 1) };
    },
  },
  skewnessBetween: moment(3, 0),
  kurtosisBetween: moment(4, 3),
  outliersAtMost: {
    options: options({
      column: fc.constantFrom("i", "d"),
      deviations: fc.constantFrom(1.01, 2.01),
      max: fc.constantFrom(0, 0.2, 0.6),
    }),
    naive: (rows, given) => {
      const values = finiteValues(rows, given.column);
      const [center, spread] = [mean(values), Math.sqrt(variance(values))];
      const far = values.filter((value) => Math.abs(value - center) > given.deviations * spread).length;
      const failing = far + rows.length - values.length;
      return { passed: values.length > 0 && failing <= given.max * rows.length, failing, considered: rows.length };
    },
  },
  newestWithin: {
    options: options({ column: fc.constantFrom("day", "at"), age: ages }),
    naive: (rows, given, { nowMs }) => {
      const found = rows
        .map((row) => cell(row, given.column))
        .filter((value) => value !== null)
        .map(seconds);
      const age = nowMs / 1000 - Math.max(...found);
      return {
        passed: found.length > 0 && age >= 0 && age <= duration(given.age) + (given.column === "day" ? 86_400 : 0),
      };
    },
  },
  oldestWithin: {
    options: options({ column: fc.constantFrom("day", "at"), age: ages }),
    naive: (rows, given, { nowMs }) =>
      eachValue(rows, { nulls: "ignore" }, [given.column], (value) => {
        const start = nowMs / 1000 - duration(given.age);
        return seconds(value) >= (given.column === "day" ? Math.floor(start / 86_400) * 86_400 : start);
      }),
  },
  notInFuture: {
    options: options({ column: fc.constantFrom("day", "at"), nulls }),
    naive: (rows, given, { nowMs }) =>
      eachValue(rows, given, [given.column], (value) => seconds(value) <= nowMs / 1000),
  },
  recentRowCountBetween: {
    options: options({
      column: fc.constant("at"),
      window: ages,
      min: fc.constantFrom(undefined, 1, 3),
      max: fc.constantFrom(4, 20),
    }),
    naive: (rows, given, { nowMs }) => {
      const recent = rows.filter(
        (row) =>
          row.at !== null && seconds(row.at) <= nowMs / 1000 && seconds(row.at) > nowMs / 1000 - duration(given.window),
      ).length;
      return { passed: inside(recent, given), observed: recent };
    },
  },
  delayAtMost: {
    options: options({ from: fc.constant("day"), to: fc.constant("at"), delay: ages, nulls }),
    naive: (rows, given) =>
      eachValue(rows, given, ["day", "at"], (day, at) =>
        inside(seconds(at) - seconds(day), { min: 0, max: duration(given.delay) }),
      ),
  },
  increasing: monotonic((order) => order < 0),
  strictlyIncreasing: monotonic((order) => order <= 0),
  decreasing: monotonic((order) => order > 0),
  strictlyDecreasing: monotonic((order) => order >= 0),
  gapsAtMost: gaps((gap, limit) => gap > limit),
  evenlySpaced: gaps((gap, limit) => Math.abs(gap - limit) > 1e-6),
  consecutive: {
    options: options({ column: fc.constantFrom("i", "id"), by: fc.option(by, { nil: undefined }) }),
    naive: (rows, given) =>
      steps(rows, { ...given, orderBy: [given.column] }, (value, previous) => value - previous !== 1),
  },
  groupRowCountBetween: {
    options: options({ by, min: fc.constantFrom(undefined, 1, 2), max: fc.constantFrom(3, 20) }),
    naive: (rows, given) => groupFigures(rows, given, (group) => group.length),
  },
  groupCountBetween: {
    options: options({ by, min: fc.constantFrom(undefined, 2), max: fc.constantFrom(3, 20) }),
    naive: (rows, given) => ({ passed: inside(groupBy(rows, (row) => cellKey(row, given.by)).size, given) }),
  },
  groupMeanBetween: groupColumn((values) => mean(values)),
  groupSumBetween: groupColumn((values) => values.reduce((sum, value) => sum + value, 0)),
  groupMinBetween: groupColumn((values) => [...values].sort(sqlCompare)[0] as number),
  groupMaxBetween: groupColumn((values) => [...values].sort(sqlCompare).at(-1) as number),
  groupDistinctCountBetween: {
    options: options({
      column: fc.constantFrom("i", "t"),
      by,
      max: fc.constantFrom(1, 3),
      min: fc.constantFrom(undefined, 1),
    }),
    naive: (rows, given) =>
      groupFigures(
        rows,
        given,
        (group) => new Set(group.map((row) => cell(row, given.column)).filter((value) => value !== null)).size,
      ),
  },
  groupNullFractionAtMost: {
    options: options({ column: fc.constantFrom("i", "t"), by, max: fc.constantFrom(0, 0.26, 0.6) }),
    naive: (rows, given) =>
      groupFigures(
        rows,
        given,
        (group) => group.filter((row) => cell(row, given.column) === null).length / group.length,
      ),
  },
  groupShareAtMost: {
    options: options({ by, max: fc.constantFrom(0.21, 0.51, 1) }),
    naive: (rows, given) => groupFigures(rows, given, (group) => group.length / rows.length),
  },
  customRows: {
    options: fc.constant({ query: "SELECT * FROM data WHERE i < 0" }),
    naive: (rows) => {
      const failing = rows.filter((row) => row.i !== null && row.i < 0).length;
      return { passed: failing === 0, failing };
    },
  },
  customFigure: {
    options: fc.constantFrom(
      { query: "SELECT max(i) - min(i) FROM data", max: 4 },
      { query: "SELECT max(i) - min(i) FROM data", min: 2 },
    ),
    naive: (rows, given) => spread(rows, given),
  },
  customAggregate: {
    options: fc.constantFrom({ aggregate: "max(i) - min(i)", max: 4 }, { aggregate: "max(i) - min(i)", min: 2 }),
    naive: (rows, given) => spread(rows, given),
  },
  customFunction: {
    options: options({ function: fc.constant("isKnown"), mostly: fc.constantFrom(undefined, 0.5) }),
    naive: (rows, given) => eachRow(rows, given, isKnown),
  },
};

/** The function that `customFunction` names. */
export const isKnown = (row: { readonly s?: unknown }): boolean =>
  typeof row.s === "string" && categories.slice(0, 2).includes(row.s);

function spread(rows: readonly Row[], bounds: Bounds): NaiveResult {
  const values = finiteValues(rows, "i");
  return { passed: values.length > 0 && inside(Math.max(...values) - Math.min(...values), bounds) };
}
