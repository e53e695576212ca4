import { requirePositive } from "../arguments.js";
import { incompleteBeta } from "../special/incomplete-beta.js";
import { logBeta } from "../special/log-gamma.js";
import type { ContinuousDistribution } from "./distribution.js";
import { solveQuantile } from "./solve-quantile.js";

/**
 * The beta distribution on [0, 1].
 *
 * @param a first shape, above 0
 * @param b second shape, above 0
 * @throws DeepwrightError `INVALID_ARGUMENT`
 * @example
 * ```ts
 * console.log(beta(2, 2).cdf(0.25)); // 0.15625
 * ```
 */
export function beta(a: number, b: number): ContinuousDistribution {
  requirePositive("a", a);
  requirePositive("b", b);
  const continuous = {
    density(x: number): number {
      if (Number.isNaN(x)) return x;
      if (x < 0 || x > 1) return 0;
      // 0 * log(0) is 0 here: a shape of 1 leaves the density finite at its end.
      const left = a === 1 ? 0 : (a - 1) * Math.log(x);
      const right = b === 1 ? 0 : (b - 1) * Math.log1p(-x);
      return Math.exp(left + right - logBeta(a, b));
    },
    cdf: (x: number) => (Number.isNaN(x) ? x : incompleteBeta(a, b, x).lower),
    survival: (x: number) => (Number.isNaN(x) ? x : incompleteBeta(a, b, x).upper),
  };
  return { ...continuous, quantile: (probability) => solveQuantile(continuous, probability, 1) };
}
