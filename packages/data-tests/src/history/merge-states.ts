import { mergeRegisters } from "./distinct-sketch.js";
import { historyInvalid } from "./errors.js";
import type { ColumnState, NumberState, PartitionState } from "./state.js";

/** Several partitions as if they were one. */
export interface WindowState {
  readonly partitions: readonly string[];
  readonly rowCount: number;
  readonly columns: Readonly<Record<string, ColumnState>>;
}

/** Different values beyond which they are no longer counted one by one. */
export const defaultValueLimit = 200;

/**
 * Merges partitions without reading any row again: the state of A and that of B give the state of A and B together. In any order
 * and any grouping all counts, extremes, bins and sketches are the same, means and squares up to rounding.
 *
 * @param valueLimit most different values of a column that are counted one by one
 * @throws DeepwrightError `HISTORY_INVALID` where a column changed its kind of values between the partitions
 * @example
 * ```ts
 * const january = mergeStates(await store.read({ from: "2026-01-01", to: "2026-01-31" }));
 * ```
 */
export function mergeStates(
  states: readonly (PartitionState | WindowState)[],
  valueLimit = defaultValueLimit,
): WindowState {
  const columns: Record<string, ColumnState> = {};
  for (const state of states) {
    for (const [name, column] of Object.entries(state.columns)) {
      const before = Object.hasOwn(columns, name) ? columns[name] : undefined;
      const merged = before === undefined ? column : mergeColumns(name, before, column, valueLimit);
      // A column may be called __proto__.
      Object.defineProperty(columns, name, { value: merged, enumerable: true, configurable: true, writable: true });
    }
  }
  return {
    partitions: states.flatMap((state) => ("partition" in state ? [state.partition] : state.partitions)),
    rowCount: states.reduce((sum, { rowCount }) => sum + rowCount, 0),
    columns,
  };
}

function mergeColumns(name: string, left: ColumnState, right: ColumnState, valueLimit: number): ColumnState {
  if (left.family !== right.family) {
    throw historyInvalid(
      `column ${JSON.stringify(name)} to hold the same kind of values in all partitions`,
      `${left.family} and ${right.family}`,
      "Merge the partitions before and after the change apart.",
      { column: name },
    );
  }
  return {
    family: left.family,
    rowCount: left.rowCount + right.rowCount,
    nullCount: left.nullCount + right.nullCount,
    nonFiniteCount: left.nonFiniteCount + right.nonFiniteCount,
    numbers: left.numbers && right.numbers && mergeNumbers(name, left.numbers, right.numbers),
    values: left.values && right.values && mergeCounts(left.values, right.values, valueLimit),
    registers: left.registers && right.registers && mergeRegisters(left.registers, right.registers),
  };
}

/**
 * Moments of the union (T. F. Chan, G. H. Golub, R. J. LeVeque, "Updating formulae and a pairwise algorithm for computing sample
 * variances", 1979, equation 2.1).
 */
function mergeNumbers(name: string, left: NumberState, right: NumberState): NumberState {
  if (left.count === 0 || right.count === 0) {
    const [some, none] = left.count === 0 ? [right, left] : [left, right];
    return { ...some, bins: some.bins && none.bins && mergeBins(name, some.bins, none.bins) };
  }
  const count = left.count + right.count;
  const mean = left.mean * (left.count / count) + right.mean * (right.count / count);
  const between = (left.mean - right.mean) ** 2 * ((left.count * right.count) / count);
  return {
    count,
    mean,
    squares: left.squares + right.squares + between,
    min: Math.min(left.min as number, right.min as number),
    max: Math.max(left.max as number, right.max as number),
    bins: left.bins && right.bins && mergeBins(name, left.bins, right.bins),
  };
}

type Bins = NonNullable<NumberState["bins"]>;

function mergeBins(name: string, left: Bins, right: Bins): Bins {
  const [a, b] = [left.binning, right.binning];
  if (a.origin !== b.origin || a.floor !== b.floor || a.error !== b.error) {
    throw historyInvalid(
      `column ${JSON.stringify(name)} to have the same bins in all partitions`,
      "states of two histories",
      "Merge states of one store only.",
      { column: name },
    );
  }
  return { binning: a, counts: addCounts(left.counts, right.counts) };
}

function mergeCounts(
  left: Readonly<Record<string, number>>,
  right: Readonly<Record<string, number>>,
  limit: number,
): Readonly<Record<string, number>> | null {
  const counts = addCounts(left, right);
  return Object.keys(counts).length > limit ? null : counts;
}

function addCounts(
  left: Readonly<Record<string, number>>,
  right: Readonly<Record<string, number>>,
): Record<string, number> {
  const sums = new Map(Object.entries(left));
  for (const [key, count] of Object.entries(right)) sums.set(key, (sums.get(key) ?? 0) + count);
  return Object.fromEntries(sums);
}
