import { requireInteger, requireProbability } from "../arguments.js";
import { incompleteBeta } from "../special/incomplete-beta.js";
import { logGamma } from "../special/log-gamma.js";
import type { DiscreteDistribution } from "./distribution.js";

/**
 * The number of successes in `trials` independent trials. P(X > k) = I_p(k + 1, n - k) (DLMF 8.17.5).
 *
 * @param trials integer of at least 0
 * @param success probability of one success, 0 .. 1
 * @throws DeepwrightError `INVALID_ARGUMENT`
 * @example
 * ```ts
 * console.log(binomial(10, 0.5).cdf(5).toFixed(6)); // 0.623047
 * ```
 */
export function binomial(trials: number, success: number): DiscreteDistribution {
  requireInteger("trials", trials, 0);
  requireProbability("success", success);
  const tails = (x: number) => {
    if (Number.isNaN(x)) return { lower: x, upper: x };
    const k = Math.floor(x);
    if (k < 0) return { lower: 1, upper: 0 };
    if (k >= trials) return { lower: 0, upper: 1 };
    return incompleteBeta(k + 1, trials - k, success, 1 - success);
  };
  const cdf = (x: number): number => tails(x).upper;
  return {
    mass(x) {
      if (Number.isNaN(x)) return x;
      if (!Number.isInteger(x) || x < 0 || x > trials) return 0;
      if (success === 0) return x === 0 ? 1 : 0;
      if (success === 1) return x === trials ? 1 : 0;
      const ways = logGamma(trials + 1) - logGamma(x + 1) - logGamma(trials - x + 1);
      return Math.exp(ways + x * Math.log(success) + (trials - x) * Math.log1p(-success));
    },
    cdf,
    survival: (x) => tails(x).lower,
    quantile(probability) {
      requireProbability("probability", probability);
      let low = 0;
      let high = trials;
      while (low < high) {
        const candidate = Math.floor((low + high) / 2);
        if (cdf(candidate) >= probability) high = candidate;
        else low = candidate + 1;
      }
      return low;
    },
  };
}
