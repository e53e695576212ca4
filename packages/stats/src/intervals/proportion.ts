import { requireInteger, requireOpenProbability } from "../arguments.js";
import { beta } from "../distributions/beta.js";
import { normal } from "../distributions/normal.js";

export interface Interval {
  readonly low: number;
  readonly high: number;
}

function requireCounts(successes: number, trials: number, confidence: number): void {
  requireInteger("trials", trials, 1);
  requireInteger("successes", successes, 0);
  requireInteger("trials less successes", trials - successes, 0);
  requireOpenProbability("confidence", confidence);
}

/**
 * Wilson's score interval of a proportion (Wilson 1927, JASA 22): right on average over proportions.
 *
 * @param successes integer, 0 .. trials
 * @param trials integer of at least 1
 * @param confidence above 0 and below 1, default 0.95
 * @throws DeepwrightError `INVALID_ARGUMENT`
 * @example
 * ```ts
 * const { low, high } = wilsonInterval(9, 10);
 * console.log(low.toFixed(3), high.toFixed(3)); // 0.596 0.982
 * ```
 */
export function wilsonInterval(successes: number, trials: number, confidence = 0.95): Interval {
  requireCounts(successes, trials, confidence);
  const z = normal().quantile((1 + confidence) / 2);
  const share = successes / trials;
  const shrink = 1 + (z * z) / trials;
  const center = (share + (z * z) / (2 * trials)) / shrink;
  const margin = (z * Math.sqrt((share * (1 - share)) / trials + (z * z) / (4 * trials * trials))) / shrink;
  return {
    low: successes === 0 ? 0 : Math.max(0, center - margin),
    high: successes === trials ? 1 : Math.min(1, center + margin),
  };
}

/**
 * The exact interval of Clopper and Pearson (1934, Biometrika 26): covers with at least `confidence` always.
 * Parameters as {@link wilsonInterval}.
 *
 * @throws DeepwrightError `INVALID_ARGUMENT`
 */
export function clopperPearsonInterval(successes: number, trials: number, confidence = 0.95): Interval {
  requireCounts(successes, trials, confidence);
  const tail = (1 - confidence) / 2;
  return {
    low: successes === 0 ? 0 : beta(successes, trials - successes + 1).quantile(tail),
    high: successes === trials ? 1 : beta(successes + 1, trials - successes).quantile(1 - tail),
  };
}
