import type { ColumnProfile, Profile } from "../profile/profile.js";
import { patternOfShapes } from "../profile/shape.js";
import { numeric } from "../sql/type-family.js";
import type { Expectation } from "../suite/suite.js";
import { hasTrend } from "./trend.js";

/** A rule that good versions of the data suggest. The same idea has the same name whatever the bounds. */
export interface ProposedRule {
  readonly name: string;
  readonly expectation: Expectation;
  /** Whether a version with this profile is as the rule expects. */
  holds(profile: Profile): boolean;
}

/** Margins to try beyond the extremes that were seen, as multiples of how far these lie from the median. */
export const margins = [0.25, 0.5, 1, 2] as const;

/**
 * Rules that hold for all the given versions. Bounds of a figure lie `margin` times the distance from its median over versions to the
 * extreme beyond that extreme. A figure with a trend is not bounded.
 */
export function proposeRules(profiles: readonly Profile[], margin: number): readonly ProposedRule[] {
  const first = profiles[0];
  if (first === undefined) return [];
  const rules: ProposedRule[] = [];
  const rows = widened(
    profiles.map(({ rowCount }) => rowCount),
    margin,
  );
  const [fewest, most] = [Math.max(1, Math.floor(rows.min)), Math.ceil(rows.max)];
  if (!hasTrend(profiles.map(({ rowCount }) => rowCount)))
    rules.push({
      name: "rowCount",
      expectation: { kind: "rowCountBetween", min: fewest, max: most },
      holds: ({ rowCount }) => rowCount >= fewest && rowCount <= most,
    });
  for (const { name } of first.columns) {
    const columns = profiles.flatMap((each) => each.columns.find((column) => column.name === name) ?? []);
    if (columns.length === profiles.length) rules.push(...columnRules(name, columns, profiles, margin));
  }
  return rules;
}

type Test = (column: ColumnProfile, rowCount: number) => boolean;

function columnRules(
  name: string,
  columns: readonly ColumnProfile[],
  profiles: readonly Profile[],
  margin: number,
): readonly ProposedRule[] {
  const rules: ProposedRule[] = [];
  const add = (idea: string, expectation: Expectation, test: Test): void => {
    rules.push({
      name: `${idea}:${name}`,
      expectation,
      holds: (profile) => {
        const column = profile.columns.find((each) => each.name === name);
        return column !== undefined && test(column, profile.rowCount);
      },
    });
  };
  const family = columns[0]?.family ?? "other";
  if (columns.some((each) => each.family !== family)) return [];
  if (family === "other" || family === "time" || family === "bytes") {
    add("exists", { kind: "columnExists", column: name }, () => true);
  } else add("type", { kind: "columnType", column: name, type: family }, (column) => column.family === family);

  if (columns.every(({ nullCount }) => nullCount === 0)) {
    add("notNull", { kind: "notNull", column: name }, ({ nullCount }) => nullCount === 0);
  } else {
    const fractions = columns.map(({ nullCount }, index) => nullCount / Math.max(1, profiles[index]?.rowCount ?? 1));
    const { max } = widened(fractions, margin);
    if (max < 1 && !hasTrend(fractions)) {
      add(
        "nullFraction",
        { kind: "nullFractionBetween", column: name, max },
        ({ nullCount }, rowCount) => rowCount > 0 && nullCount <= max * rowCount,
      );
    }
  }
  if (columns.some(({ nullCount }, index) => nullCount === (profiles[index]?.rowCount ?? 0))) return rules;
  if (numeric.includes(family)) addNumberRules(name, columns, margin, add);
  if (family === "text") addTextRules(name, columns, add);
  if (columns.every(({ topValuesAreAll }) => topValuesAreAll)) {
    const values = [...new Set(columns.flatMap(({ topValues }) => (topValues ?? []).map(({ value }) => value)))];
    const isWritable =
      family === "text" || (family === "integer" && values.every((value) => Number.isSafeInteger(Number(value))));
    const moving =
      family === "integer" &&
      (hasTrend(columns.map(({ min }) => Number(min))) || hasTrend(columns.map(({ max }) => Number(max))));
    if (values.length > 0 && isWritable && !moving) {
      const known = new Set(values);
      const written = family === "integer" ? values.map(Number) : values;
      add(
        "inSet",
        { kind: "inSet", column: name, values: written, nulls: "ignore" },
        ({ topValues, topValuesAreAll }) => topValuesAreAll && (topValues ?? []).every(({ value }) => known.has(value)),
      );
    }
  }
  return rules;
}

type Add = (idea: string, expectation: Expectation, test: Test) => void;

function addNumberRules(name: string, columns: readonly ColumnProfile[], margin: number, add: Add): void {
  if (columns.some(({ nonFiniteCount }) => nonFiniteCount !== 0)) return;
  const lows = columns.map(({ min }) => Number(min));
  const highs = columns.map(({ max }) => Number(max));
  const isWhole = columns[0]?.family === "integer";
  const low = widened(lows, margin).min;
  const high = widened(highs, margin).max;
  // A sign that never changed is worth more than a margin below it.
  const least = Math.min(...lows) >= 0 ? Math.max(0, low) : low;
  const [min, max] = isWhole ? [Math.floor(least), Math.ceil(high)] : [least, high];
  if (!hasTrend(lows) && !hasTrend(highs))
    add(
      "between",
      { kind: "between", column: name, min, max, nulls: "ignore" },
      (column) => column.nonFiniteCount === 0 && Number(column.min) >= min && Number(column.max) <= max,
    );
  const means = columns.map(({ mean }) => mean ?? Number.NaN);
  if (means.every(Number.isFinite) && !hasTrend(means)) {
    const bounds = widened(means, margin);
    add(
      "mean",
      { kind: "meanBetween", column: name, ...bounds, nulls: "ignore" } as Expectation,
      ({ mean }) => mean !== null && mean >= bounds.min && mean <= bounds.max,
    );
  }
  const deviations = columns.map(({ standardDeviation }) => standardDeviation ?? Number.NaN);
  if (deviations.every(Number.isFinite) && !hasTrend(deviations)) {
    const wide = widened(deviations, margin);
    const bounds = { min: Math.max(0, wide.min), max: wide.max };
    add(
      "standardDeviation",
      { kind: "standardDeviationBetween", column: name, ...bounds, nulls: "ignore" } as Expectation,
      ({ standardDeviation: value }) => value !== null && value >= bounds.min && value <= bounds.max,
    );
  }
}

function addTextRules(name: string, columns: readonly ColumnProfile[], add: Add): void {
  const min = Math.min(...columns.map(({ minLength }) => minLength ?? 0));
  const max = Math.max(...columns.map(({ maxLength }) => maxLength ?? 0));
  add(
    "length",
    { kind: "lengthBetween", column: name, min, max, nulls: "ignore" },
    ({ minLength, maxLength }) => minLength !== null && maxLength !== null && minLength >= min && maxLength <= max,
  );
  if (!columns.every(({ shapesAreAll }) => shapesAreAll)) return;
  const shapes = [...new Set(columns.flatMap((column) => (column.shapes ?? []).map(({ value }) => value)))];
  const pattern = patternOfShapes(shapes);
  if (pattern === null) return;
  const known = new Set(shapes);
  add(
    "shape",
    { kind: "matches", column: name, pattern, nulls: "ignore" },
    (column) => column.shapesAreAll && (column.shapes ?? []).every(({ value }) => known.has(value)),
  );
}

/** Relative room for what engines round differently. */
const rounding = 1e-9;

function widened(figures: readonly number[], margin: number): { readonly min: number; readonly max: number } {
  const sorted = [...figures].sort((left, right) => left - right);
  const [low, high] = [sorted[0] ?? 0, sorted.at(-1) ?? 0];
  const middle = sorted[Math.floor(sorted.length / 2)] ?? 0;
  return {
    min: low - margin * (middle - low) - rounding * Math.abs(low),
    max: high + margin * (high - middle) + rounding * Math.abs(high),
  };
}
