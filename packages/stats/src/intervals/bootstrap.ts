import type { Rng } from "@deepwright/core";
import { requireInteger, requireOpenProbability, requireSample } from "../arguments.js";
import { mean } from "../descriptive/moments.js";
import { sortedQuantile } from "../descriptive/order.js";
import { normal } from "../distributions/normal.js";
import type { Interval } from "./proportion.js";

export interface BootstrapOptions {
  /** Where the resamples come from; the same generator state gives the same interval. */
  readonly rng: Rng;
  /** `bca` (default) corrects for bias and skewness; `percentile` takes plain quantiles. */
  readonly method?: "bca" | "percentile";
  /** Integer of at least 100, default 2000. */
  readonly resamples?: number;
  /** Above 0 and below 1, default 0.95. */
  readonly confidence?: number;
}

export interface BootstrapResult extends Interval {
  readonly estimate: number;
  /** Standard deviation of the statistic over the resamples. */
  readonly standardError: number;
}

/**
 * Bootstrap interval of any statistic of one sample (Efron 1987, JASA 82, sections 2 and 6: BCa with the jackknife
 * acceleration).
 *
 * @param values two finite values or more
 * @param statistic called with a Float64Array of the same length, which it must not keep; default: the mean
 * @throws DeepwrightError `INVALID_ARGUMENT`
 * @example
 * ```ts
 * const result = bootstrapInterval([3, 5, 4, 6, 5, 4, 7, 5], { rng: seededRng(1) });
 * console.log(result.estimate, result.low < 5 && 5 < result.high); // 4.875 true
 * ```
 */
export function bootstrapInterval(
  values: ArrayLike<number>,
  options: BootstrapOptions,
  statistic: (sample: Float64Array) => number = mean,
): BootstrapResult {
  const { rng, method = "bca", resamples = 2000, confidence = 0.95 } = options;
  requireSample("values", values, 2);
  requireInteger("resamples", resamples, 100);
  requireOpenProbability("confidence", confidence);
  const sample = Float64Array.from(values);
  const estimate = statistic(sample.slice());
  const draws = new Float64Array(resamples);
  const resample = new Float64Array(sample.length);
  for (let draw = 0; draw < resamples; draw++) {
    for (let index = 0; index < sample.length; index++) resample[index] = sample[rng.integer(sample.length)] as number;
    draws[draw] = statistic(resample);
  }
  draws.sort();
  const center = mean(draws);
  const standardError = Math.sqrt(draws.reduce((sum, draw) => sum + (draw - center) ** 2, 0) / (resamples - 1));
  const tail = (1 - confidence) / 2;
  const level = method === "bca" ? bcaLevel(sample, statistic, estimate, draws) : (probability: number) => probability;
  return {
    estimate,
    standardError,
    low: sortedQuantile(draws, level(tail)),
    high: sortedQuantile(draws, level(1 - tail)),
  };
}

/** Equation 6.6 of Efron 1987: where in the bootstrap distribution a nominal level lies. */
function bcaLevel(
  sample: Float64Array,
  statistic: (sample: Float64Array) => number,
  estimate: number,
  draws: Float64Array,
): (probability: number) => number {
  // Half of the ties count as below: a discrete statistic is not biased by being discrete.
  const below = draws.reduce((sum, draw) => sum + (draw < estimate ? 1 : draw === estimate ? 0.5 : 0), 0);
  const share = Math.min(Math.max(below / draws.length, 0.5 / draws.length), 1 - 0.5 / draws.length);
  const bias = normal().quantile(share);
  const jackknife = Array.from(sample, (_, left) => statistic(sample.filter((__, index) => index !== left)));
  const center = mean(jackknife);
  const length = Math.sqrt(jackknife.reduce((sum, value) => sum + (center - value) ** 2, 0));
  const acceleration = length > 0 ? jackknife.reduce((sum, value) => sum + ((center - value) / length) ** 3, 0) / 6 : 0;
  return (probability) => {
    const z = bias + normal().quantile(probability);
    return normal().cdf(bias + z / Math.max(0.1, 1 - acceleration * z));
  };
}
