import { requireOpenProbability } from "../arguments.js";
import { mean, variance } from "../descriptive/moments.js";
import { chiSquare } from "../distributions/chi-square.js";
import { studentT } from "../distributions/student-t.js";
import type { Interval } from "../intervals/proportion.js";

/** A variance and the degrees of freedom that it rests on. */
export interface VarianceEstimate {
  readonly variance: number;
  readonly standardDeviation: number;
  readonly degreesOfFreedom: number;
}

/**
 * One variance from many small groups with means of their own: what runs differ by when nothing but their seed differs.
 * Groups of fewer than two values say nothing and are passed over.
 *
 * @returns `null` when no group has two values
 * @throws DeepwrightError `INVALID_ARGUMENT` for values that are not finite
 * @example
 * ```ts
 * console.log(pooledVariance([[1, 3], [10, 12, 14]])); // variance 3.33 with 3 degrees of freedom
 * ```
 */
export function pooledVariance(groups: readonly (readonly number[])[]): VarianceEstimate | null {
  let squares = 0;
  let degreesOfFreedom = 0;
  for (const group of groups) {
    if (group.length < 2) continue;
    squares += variance(group) * (group.length - 1);
    degreesOfFreedom += group.length - 1;
  }
  if (degreesOfFreedom === 0) return null;
  const pooled = squares / degreesOfFreedom;
  return { variance: pooled, standardDeviation: Math.sqrt(pooled), degreesOfFreedom };
}

/**
 * Moves a variance of few degrees of freedom towards a prior one by the weight of each (Smyth 2004, SAGMB 3, equation
 * 3: the posterior mean of the scaled inverse chi-square prior).
 */
export function moderatedVariance(estimate: VarianceEstimate, prior: VarianceEstimate): VarianceEstimate {
  const degreesOfFreedom = estimate.degreesOfFreedom + prior.degreesOfFreedom;
  const moderated =
    (estimate.variance * estimate.degreesOfFreedom + prior.variance * prior.degreesOfFreedom) / degreesOfFreedom;
  return { variance: moderated, standardDeviation: Math.sqrt(moderated), degreesOfFreedom };
}

/**
 * Interval of the standard deviation of normal observations (chi-square pivot).
 *
 * @param confidence above 0 and below 1, default 0.95
 * @throws DeepwrightError `INVALID_ARGUMENT`
 */
export function standardDeviationInterval(estimate: VarianceEstimate, confidence = 0.95): Interval {
  requireOpenProbability("confidence", confidence);
  const chi = chiSquare(estimate.degreesOfFreedom);
  const squares = estimate.variance * estimate.degreesOfFreedom;
  const tail = (1 - confidence) / 2;
  return { low: Math.sqrt(squares / chi.quantile(1 - tail)), high: Math.sqrt(squares / chi.quantile(tail)) };
}

/**
 * Interval in which one further observation falls with the given probability, from values of its own group and a
 * variance that may rest on more groups.
 *
 * @param values one finite value or more
 * @param confidence above 0 and below 1, default 0.95
 * @throws DeepwrightError `INVALID_ARGUMENT`
 */
export function predictionInterval(values: readonly number[], noise: VarianceEstimate, confidence = 0.95): Interval {
  requireOpenProbability("confidence", confidence);
  const center = mean(values);
  const margin =
    studentT(noise.degreesOfFreedom).quantile((1 + confidence) / 2) *
    noise.standardDeviation *
    Math.sqrt(1 + 1 / values.length);
  return { low: center - margin, high: center + margin };
}
