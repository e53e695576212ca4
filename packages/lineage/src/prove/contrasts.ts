import { mean, studentT } from "@deepwright/stats";

/** One arm of the experiment: its values and its weight in a contrast. */
export interface WeightedArm {
  readonly weight: number;
  readonly values: readonly number[];
}

export interface Spread {
  readonly standardDeviation: number;
  readonly degreesOfFreedom: number;
}

/** Standard deviation within arms, pooled over them: each arm may have its own mean. */
export function pooledSpread(arms: readonly (readonly number[])[]): Spread {
  let squares = 0;
  let degreesOfFreedom = 0;
  for (const values of arms) {
    if (values.length < 2) continue;
    const center = mean(values);
    for (const value of values) squares += (value - center) ** 2;
    degreesOfFreedom += values.length - 1;
  }
  return {
    standardDeviation: degreesOfFreedom > 0 ? Math.sqrt(squares / degreesOfFreedom) : Number.NaN,
    degreesOfFreedom,
  };
}

/**
 * One-sided p-value of "the weighted sum of the arms' means is above 0": the t-test of a linear contrast with a pooled
 * variance (Scheffé 1959, The Analysis of Variance, section 3.4). The null is every sum of 0 or less.
 *
 * @returns 1 when an arm is empty or the variance can't be estimated
 */
export function contrastPValue(arms: readonly WeightedArm[], spread: Spread): number {
  let estimate = 0;
  let variance = 0;
  for (const { weight, values } of arms) {
    if (values.length === 0) return 1;
    estimate += weight * mean(values);
    variance += (weight * weight) / values.length;
  }
  if (!(spread.degreesOfFreedom > 0)) return 1;
  const error = spread.standardDeviation * Math.sqrt(variance);
  if (error === 0) return estimate > 0 ? 0 : 1;
  return studentT(spread.degreesOfFreedom).survival(estimate / error);
}

/**
 * The part of the gap between `bad` and `good` that `treated` restores, with Fieller's interval for a ratio of means
 * (Fieller 1954, JRSS B 16): the parts f for which the contrast (1 - f) bad - treated + f good is not rejected.
 * Unbounded when the gap itself is not significant.
 */
export function restoredPart(
  good: readonly number[],
  bad: readonly number[],
  treated: readonly number[],
  spread: Spread,
  confidence: number,
): { readonly estimate: number; readonly low: number; readonly high: number } {
  const gap = mean(bad) - mean(good);
  const gain = mean(bad) - mean(treated);
  const estimate = gain / gap;
  if (!(spread.degreesOfFreedom > 0) || spread.standardDeviation === 0)
    return { estimate, low: estimate, high: estimate };
  const limit = (studentT(spread.degreesOfFreedom).quantile((1 + confidence) / 2) * spread.standardDeviation) ** 2;
  // (gain - f gap)² <= limit ((1 - f)² / nBad + 1 / nTreated + f² / nGood), a quadratic in f.
  const a = gap * gap - limit * (1 / bad.length + 1 / good.length);
  const b = -2 * gain * gap + (2 * limit) / bad.length;
  const c = gain * gain - limit * (1 / bad.length + 1 / treated.length);
  const root = Math.sqrt(b * b - 4 * a * c);
  if (!(a > 0) || Number.isNaN(root))
    return { estimate, low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };
  return { estimate, low: (-b - root) / (2 * a), high: (-b + root) / (2 * a) };
}

/** Number of ways to choose `size` of `count`. */
export function combinations(count: number, size: number): number {
  let result = 1;
  for (let index = 1; index <= size; index++) result = (result * (count - size + index)) / index;
  return Math.round(result);
}
