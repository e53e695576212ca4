import { requirePositive } from "../arguments.js";
import { incompleteBeta } from "../special/incomplete-beta.js";
import { logBeta } from "../special/log-gamma.js";
import type { ContinuousDistribution } from "./distribution.js";
import { solveQuantile } from "./solve-quantile.js";

/**
 * Fisher's F distribution, the ratio of two mean squares (Abramowitz and Stegun 26.6.2).
 *
 * @param numerator degrees of freedom of the numerator, above 0
 * @param denominator degrees of freedom of the denominator, above 0
 * @throws DeepwrightError `INVALID_ARGUMENT`
 * @example
 * ```ts
 * console.log(fDistribution(3, 10).quantile(0.95).toFixed(4)); // 3.7083
 * ```
 */
export function fDistribution(numerator: number, denominator: number): ContinuousDistribution {
  requirePositive("numerator", numerator);
  requirePositive("denominator", denominator);
  const tails = (x: number) => {
    if (x <= 0) return { lower: 0, upper: 1 };
    if (x === Number.POSITIVE_INFINITY) return { lower: 1, upper: 0 };
    const odds = (numerator / denominator) * x;
    const share = odds === Number.POSITIVE_INFINITY ? 1 : odds / (1 + odds);
    return incompleteBeta(numerator / 2, denominator / 2, share, 1 / (1 + odds));
  };
  const continuous = {
    density(x: number): number {
      if (Number.isNaN(x)) return x;
      if (x < 0) return 0;
      const ratio = numerator / denominator;
      const left = numerator === 2 ? 0 : (numerator / 2 - 1) * Math.log(x);
      const right = ((numerator + denominator) / 2) * Math.log1p(ratio * x);
      return Math.exp((numerator / 2) * Math.log(ratio) + left - right - logBeta(numerator / 2, denominator / 2));
    },
    cdf: (x: number) => (Number.isNaN(x) ? x : tails(x).lower),
    survival: (x: number) => (Number.isNaN(x) ? x : tails(x).upper),
  };
  return { ...continuous, quantile: (probability) => solveQuantile(continuous, probability) };
}
