import { binnedQuantile } from "./binning.js";
import { distinctError, estimateDistinct } from "./distinct-sketch.js";
import type { WindowState } from "./merge-states.js";
import type { ColumnState, PartitionState } from "./state.js";

/** Figures of a column over a window. Of texts the numbers are lengths, of dates and times seconds since 1970. */
export interface ColumnSummary {
  readonly family: string;
  readonly nullFraction: number | null;
  readonly nonFiniteCount: number;
  readonly min: number | null;
  readonly max: number | null;
  readonly mean: number | null;
  /** Divided by n - 1; `null` below two values. */
  readonly standardDeviation: number | null;
  /** Different values: exact while they are counted one by one, else with a relative error whose standard deviation is `error`. */
  readonly distinct: { readonly count: number; readonly exact: boolean; readonly error: number } | null;
  /** @param probability 0 .. 1. Within 1 % of the value's distance from the mean of the first partition. */
  quantile(probability: number): number | null;
  /** Exact number of each value, the most common first; `null` where they are not counted one by one. */
  readonly values: readonly { readonly value: string; readonly count: number }[] | null;
}

/**
 * Figures of one partition or of several merged.
 *
 * @example
 * ```ts
 * const { price } = summarizeWindow(mergeStates(await store.read({ from: "2026-01-01" })));
 * ```
 */
export function summarizeWindow(state: WindowState | PartitionState): Readonly<Record<string, ColumnSummary>> {
  return Object.fromEntries(Object.entries(state.columns).map(([name, column]) => [name, summaryOf(column)]));
}

function summaryOf(column: ColumnState): ColumnSummary {
  const { family, rowCount, nullCount, nonFiniteCount, numbers, values, registers } = column;
  const some = numbers !== null && numbers.count > 0 ? numbers : null;
  return {
    family,
    nullFraction: rowCount === 0 ? null : nullCount / rowCount,
    nonFiniteCount,
    min: some?.min ?? null,
    max: some?.max ?? null,
    mean: some?.mean ?? null,
    standardDeviation: some === null || some.count < 2 ? null : Math.sqrt(some.squares / (some.count - 1)),
    distinct: distinctOf(values, registers),
    quantile: (probability) => some && binnedQuantile(some, probability),
    values:
      values &&
      Object.entries(values)
        .map(([value, count]) => ({ value, count }))
        .sort((left, right) => right.count - left.count || (left.value < right.value ? -1 : 1)),
  };
}

function distinctOf(values: ColumnState["values"], registers: string | null): ColumnSummary["distinct"] {
  if (values !== null) return { count: Object.keys(values).length, exact: true, error: 0 };
  return registers === null
    ? null
    : { count: Math.round(estimateDistinct(registers)), exact: false, error: distinctError };
}
