import { binnedQuantile, binValue } from "./binning.js";
import { distinctError, estimateDistinct } from "./distinct-sketch.js";
import type { ColumnState, NumberState, PartitionState } from "./state.js";

/**
 * Scale on which a metric's noise is alike at all sizes: `log` for numbers of things, `angle` for fractions, `plain` for the rest,
 * `positive` for the rest that can't be below 0.
 */
export type MetricScale = "log" | "angle" | "plain" | "positive";

export interface MetricPoint {
  readonly value: number;
  /** Standard deviation on the metric's scale by sampling alone: no history, however even, promises less noise. */
  readonly samplingDeviation: number;
}

/** A figure of a partition that is followed over time. */
export interface Metric {
  /** `rowCount`, `mean:price`, `quantile(0.5):price`: stable. */
  readonly name: string;
  readonly column: string | null;
  readonly scale: MetricScale;
  /** What tells metrics of one name apart. */
  readonly parameters?: string;
  /** `null` where the partition has no such figure. */
  pointOf(state: PartitionState): MetricPoint | null;
}

const columnOf = (state: PartitionState, name: string): ColumnState | null =>
  Object.hasOwn(state.columns, name) ? (state.columns[name] ?? null) : null;

const rowCountMetric: Metric = {
  name: "rowCount",
  column: null,
  scale: "log",
  // Of a Poisson number the logarithm has about this deviation.
  pointOf: ({ rowCount }) => ({ value: rowCount, samplingDeviation: 1 / Math.sqrt(rowCount + 1) }),
};

function columnMetric(
  figure: string,
  column: string,
  scale: MetricScale,
  point: (state: ColumnState, partition: PartitionState) => MetricPoint | null,
): Metric {
  return {
    name: `${figure}:${column}`,
    column,
    scale,
    pointOf(partition) {
      const state = columnOf(partition, column);
      return state && point(state, partition);
    },
  };
}

/** Standard deviation of the arcsine of the root of a fraction (F. J. Anscombe, Biometrika 35, 1948, equation 3.6). */
const fraction = (part: number, whole: number): MetricPoint | null =>
  whole === 0 ? null : { value: part / whole, samplingDeviation: 1 / Math.sqrt(4 * whole + 2) };

const nullFraction = (column: string): Metric =>
  columnMetric("nullFraction", column, "angle", ({ nullCount, rowCount }) => fraction(nullCount, rowCount));

const nonFiniteFraction = (column: string): Metric =>
  columnMetric("nonFiniteFraction", column, "angle", ({ nonFiniteCount, rowCount }) =>
    fraction(nonFiniteCount, rowCount),
  );

const trueFraction = (column: string): Metric =>
  columnMetric("trueFraction", column, "angle", ({ numbers }) =>
    numbers === null ? null : fraction(Math.round(numbers.mean * numbers.count), numbers.count),
  );

/** Share of one value among those that are not missing. */
export const valueShare = (column: string, value: string): Metric =>
  columnMetric(`share(${JSON.stringify(value)})`, column, "angle", ({ values, rowCount, nullCount }) =>
    values === null ? null : fraction(Object.hasOwn(values, value) ? (values[value] ?? 0) : 0, rowCount - nullCount),
  );

/** Share of all values that are none of the usual ones. */
const otherShare = (column: string, usual: readonly string[]): Metric => ({
  ...columnMetric("share(other values)", column, "angle", ({ values, rowCount, nullCount }) => {
    if (values === null) return null;
    const known = usual.reduce((sum, value) => sum + (Object.hasOwn(values, value) ? (values[value] ?? 0) : 0), 0);
    return fraction(rowCount - nullCount - known, rowCount - nullCount);
  }),
  parameters: JSON.stringify(usual),
});

/** Shares of the values that most of the past has, and of all others. A column that names the partition has none such. */
function sharesOf(column: string, past: readonly PartitionState[]): readonly Metric[] {
  const counted = past.flatMap((state) => {
    const values = columnOf(state, column)?.values ?? null;
    return values === null ? [] : [values];
  });
  const occurrences = new Map<string, number>();
  for (const values of counted) {
    for (const value of Object.keys(values)) occurrences.set(value, (occurrences.get(value) ?? 0) + 1);
  }
  const usual = [...occurrences].filter(([, number]) => number > counted.length / 2).map(([value]) => value);
  if (usual.length === 0 || usual.length > maxShares) return [];
  return [...usual.sort().map((value) => valueShare(column, value)), otherShare(column, usual)];
}

const deviationOf = ({ squares, count }: NumberState): number => Math.sqrt(squares / Math.max(1, count - 1));

const mean = (column: string): Metric =>
  columnMetric("mean", column, "plain", ({ numbers }) =>
    numbers === null || numbers.count === 0
      ? null
      : { value: numbers.mean, samplingDeviation: deviationOf(numbers) / Math.sqrt(numbers.count) },
  );

/** The fourth moment comes from the bins: of heavy tails the deviation itself is uncertain. */
const standardDeviation = (column: string): Metric =>
  columnMetric("standardDeviation", column, "positive", ({ numbers }) => {
    if (numbers === null || numbers.count < 2) return null;
    const value = deviationOf(numbers);
    if (value === 0) return { value, samplingDeviation: 0 };
    const fourth = fourthMoment(numbers) ?? 3 * value ** 4;
    return { value, samplingDeviation: Math.sqrt(Math.max(0, fourth - value ** 4) / numbers.count) / (2 * value) };
  });

function fourthMoment({ bins, mean: center, count }: NumberState): number | null {
  if (bins === null) return null;
  const sum = Object.entries(bins.counts).reduce(
    (total, [bin, size]) => total + size * (binValue(Number(bin), bins.binning) - center) ** 4,
    0,
  );
  return sum / count;
}

/** By sampling a quantile lies among those whose probability is one binomial deviation away. The bins' own error comes on top. */
export const quantileMetric = (column: string, probability: number): Metric =>
  columnMetric(`quantile(${probability})`, column, "plain", ({ numbers }) => {
    const value = numbers && binnedQuantile(numbers, probability);
    if (numbers === null || value === null || numbers.bins === null) return null;
    const { origin, floor, error } = numbers.bins.binning;
    const away = Math.sqrt((probability * (1 - probability)) / numbers.count);
    const [below, above] = [probability - away, probability + away].map((each) =>
      Math.abs((binnedQuantile(numbers, each) ?? value) - value),
    );
    const resolution = Math.max(floor, error * Math.abs(value - origin));
    return { value, samplingDeviation: Math.max(resolution, below ?? 0, above ?? 0) };
  });

const distinctCount = (column: string): Metric =>
  columnMetric("distinctCount", column, "log", ({ registers, values, numbers }) => {
    if (values !== null) {
      const counts = Object.values(values);
      // What occurs once might as well not have occurred (I. J. Good, G. H. Toulmin, Biometrika 43, 1956, equation 22).
      const once = counts.filter((count) => count === 1).length;
      return { value: counts.length, samplingDeviation: Math.sqrt(once) / (counts.length + 1) };
    }
    if (registers === null || (numbers !== null && numbers.count === 0)) return null;
    return { value: estimateDistinct(registers), samplingDeviation: distinctError };
  });

/** Different values up to which the share of each is followed. */
const maxShares = 12;
const secondsOfDay = 86_400;

/** Seconds from the newest value to the end of the partition's day; below 0 where values lie in the days after it. */
const newestAge = (column: string): Metric =>
  columnMetric("newestAge", column, "plain", ({ numbers }, { partition }) => {
    const day = dayOf(partition);
    if (day === null || numbers === null || numbers.max === null) return null;
    return { value: (day + 1) * secondsOfDay - numbers.max, samplingDeviation: 0 };
  });

/** Days since 1970 of a partition that is named by an ISO date, or begins with one; else `null`. */
export function dayOf(partition: string): number | null {
  const match = /^(\d{4}-\d{2}-\d{2})(?!\d)/.exec(partition);
  const ms = match === null ? Number.NaN : Date.parse(`${match[1]}T00:00:00Z`);
  return Number.isNaN(ms) ? null : Math.round(ms / 86_400_000);
}

/**
 * What is followed of a partition unless a caller says otherwise: volume, and of each column what its type has of missing
 * values, mean, deviation, median, different values, freshness, and, where a
 * column has few values, the share of each that is common in the past.
 */
export function usualMetrics(state: PartitionState, past: readonly PartitionState[] = []): readonly Metric[] {
  const metrics: Metric[] = [rowCountMetric];
  for (const [name, { family, numbers, registers, values }] of Object.entries(state.columns)) {
    metrics.push(nullFraction(name));
    if (family === "boolean") metrics.push(trueFraction(name));
    else if (family === "date" || family === "timestamp") metrics.push(newestAge(name));
    else if (numbers !== null) metrics.push(mean(name), standardDeviation(name));
    if (numbers?.bins && family !== "boolean" && family !== "text") metrics.push(quantileMetric(name, 0.5));
    if (family === "double" || family === "decimal") metrics.push(nonFiniteFraction(name));
    if (family !== "boolean" && values !== null) metrics.push(...sharesOf(name, past));
    if (registers !== null || (values !== null && family !== "boolean")) metrics.push(distinctCount(name));
  }
  return metrics;
}
