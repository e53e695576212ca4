import { requireProbability, requireSample } from "../arguments.js";

/**
 * Sample quantile by linear interpolation (Hyndman and Fan 1996, type 7, as R and NumPy do by default).
 *
 * @param probability 0 .. 1
 * @throws DeepwrightError `INVALID_ARGUMENT`
 */
export function sampleQuantile(values: ArrayLike<number>, probability: number): number {
  requireSample("values", values, 1);
  requireProbability("probability", probability);
  return sortedQuantile(Float64Array.from(values).sort(), probability);
}

/** {@link sampleQuantile} of values that are sorted already. */
export function sortedQuantile(sorted: ArrayLike<number>, probability: number): number {
  const position = probability * (sorted.length - 1);
  const index = Math.floor(position);
  const left = sorted[index] as number;
  const right = sorted[Math.min(index + 1, sorted.length - 1)] as number;
  return left + (position - index) * (right - left);
}

export const median = (values: ArrayLike<number>): number => sampleQuantile(values, 0.5);

/**
 * Median absolute deviation from the median.
 *
 * @param scale 1.4826 (the default, 1 / Φ⁻¹(3/4)) makes it estimate the standard deviation of normal data; 1 gives the
 *   plain one
 */
export function medianAbsoluteDeviation(values: ArrayLike<number>, scale = 1.482602218505602): number {
  const center = median(values);
  return scale * median(Array.from(values, (value) => Math.abs(value - center)));
}
