import { requirePositive } from "../arguments.js";
import { incompleteGamma } from "../special/incomplete-gamma.js";
import { logGamma } from "../special/log-gamma.js";
import type { ContinuousDistribution } from "./distribution.js";
import { solveQuantile } from "./solve-quantile.js";

/**
 * The chi-square distribution, P(k/2, x/2) (Abramowitz and Stegun 26.4.19).
 *
 * @param degreesOfFreedom above 0
 * @throws DeepwrightError `INVALID_ARGUMENT`
 * @example
 * ```ts
 * console.log(chiSquare(1).quantile(0.95).toFixed(4)); // 3.8415
 * ```
 */
export function chiSquare(degreesOfFreedom: number): ContinuousDistribution {
  requirePositive("degreesOfFreedom", degreesOfFreedom);
  const half = degreesOfFreedom / 2;
  const tails = (x: number) => incompleteGamma(half, x / 2);
  const continuous = {
    density(x: number): number {
      if (x < 0) return 0;
      if (x === 0) return half < 1 ? Number.POSITIVE_INFINITY : half === 1 ? 0.5 : 0;
      return Math.exp((half - 1) * Math.log(x / 2) - x / 2 - logGamma(half)) / 2;
    },
    cdf: (x: number) => (Number.isNaN(x) ? x : tails(x).lower),
    survival: (x: number) => (Number.isNaN(x) ? x : tails(x).upper),
  };
  return { ...continuous, quantile: (probability) => solveQuantile(continuous, probability) };
}
