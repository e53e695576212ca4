import type { Rng } from "@deepwright/core";
import { requireInteger, requireSample } from "../arguments.js";
import { mean } from "../descriptive/moments.js";
import type { Alternative } from "./welch.js";

export interface PermutationOptions {
  readonly rng: Rng;
  /** Default `two-sided`. */
  readonly alternative?: Alternative;
  /** Random relabelings when there are too many to try all; integer of at least 99, default 9999. */
  readonly permutations?: number;
}

export interface PermutationTest {
  /** Mean of the first sample less mean of the second. */
  readonly difference: number;
  readonly pValue: number;
  /** True when every relabeling was tried. */
  readonly exact: boolean;
}

/**
 * Permutation test of a difference of means: exact when all relabelings number at most `permutations`, else the
 * p-value (b + 1) / (m + 1) of m random ones, which keeps its level (Phipson and Smyth 2010, SAGMB 9).
 *
 * @throws DeepwrightError `INVALID_ARGUMENT` for an empty sample or values that are not finite
 * @example
 * ```ts
 * const test = permutationTest([1, 2, 3], [7, 8, 9], { rng: seededRng(1) });
 * console.log(test.pValue, test.exact); // 0.1 true
 * ```
 */
export function permutationTest(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  options: PermutationOptions,
): PermutationTest {
  const { rng, alternative = "two-sided", permutations = 9999 } = options;
  requireSample("first", first, 1);
  requireSample("second", second, 1);
  requireInteger("permutations", permutations, 99);
  const pool = [...Array.from(first), ...Array.from(second)];
  const center = mean(pool);
  const centered = pool.map((value) => value - center);
  const size = first.length;
  // The sum of the first group decides the difference, since the total is fixed (and 0).
  const observed = centered.slice(0, size).reduce((sum, value) => sum + value, 0);
  const slack = 1e-12 * centered.reduce((sum, value) => sum + Math.abs(value), 0);
  const extreme = (sum: number): boolean => {
    if (alternative === "greater") return sum >= observed - slack;
    if (alternative === "less") return sum <= observed + slack;
    return Math.abs(sum) >= Math.abs(observed) - slack;
  };
  const difference = mean(first) - mean(second);
  const total = combinations(pool.length, size);
  if (total <= permutations) {
    let count = 0;
    eachSubsetSum(centered, size, (sum) => {
      if (extreme(sum)) count += 1;
    });
    return { difference, pValue: count / total, exact: true };
  }
  let count = 0;
  for (let draw = 0; draw < permutations; draw++) {
    rng.shuffle(centered);
    let sum = 0;
    for (let index = 0; index < size; index++) sum += centered[index] as number;
    if (extreme(sum)) count += 1;
  }
  return { difference, pValue: (count + 1) / (permutations + 1), exact: false };
}

function combinations(n: number, k: number): number {
  let ways = 1;
  for (let index = 1; index <= Math.min(k, n - k); index++) ways = (ways * (n - index + 1)) / index;
  return Math.round(ways);
}

/** Visits the sum of every subset of the given size. */
function eachSubsetSum(values: readonly number[], size: number, visit: (sum: number) => void): void {
  const descend = (start: number, left: number, sum: number): void => {
    if (left === 0) {
      visit(sum);
      return;
    }
    for (let index = start; index <= values.length - left; index++) {
      descend(index + 1, left - 1, sum + (values[index] as number));
    }
  };
  descend(0, size, 0);
}
