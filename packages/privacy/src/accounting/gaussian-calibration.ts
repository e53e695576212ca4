import { requireOpenProbability, requirePositive } from "../arguments.js";
import { gaussianProfile } from "./profile.js";

/**
 * The least Gaussian noise for one release: Balle and Wang 2018, "Improving the Gaussian Mechanism for Differential
 * Privacy", theorem 8, solved to the last digits.
 *
 * @param options.epsilon above 0
 * @param options.delta above 0 and below 1
 * @param options.sensitivity L2, above 0, default 1
 * @returns standard deviation of the noise, in the unit of the sensitivity
 * @throws DeepwrightError `INVALID_ARGUMENT`
 * @example
 * ```ts
 * console.log(calibrateGaussian({ epsilon: 1, delta: 1e-5 }).toFixed(6)); // 3.730632
 * ```
 */
export function calibrateGaussian(options: {
  readonly epsilon: number;
  readonly delta: number;
  readonly sensitivity?: number;
}): number {
  const epsilon = requirePositive("epsilon", options.epsilon);
  const delta = requireOpenProbability("delta", options.delta);
  const sensitivity = requirePositive("sensitivity", options.sensitivity ?? 1);
  const excess = (noise: number): number => gaussianProfile(noise)(epsilon) - delta;
  let [low, high] = [1 / 1024, 1];
  while (excess(high) > 0) high *= 2;
  while (excess(low) <= 0) low /= 2;
  // Bisection to the last bit: about sixty rounds.
  for (;;) {
    const middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) return high * sensitivity;
    if (excess(middle) > 0) low = middle;
    else high = middle;
  }
}
