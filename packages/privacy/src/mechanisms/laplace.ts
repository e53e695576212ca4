import type { PrivacyEvent } from "../accounting/event.js";
import { requireInteger, requireOpenProbability, requirePositive } from "../arguments.js";
import { type RandomBits, systemBits } from "../random/random-bits.js";
import { divide, fromDecimal, rational, toNumber } from "../random/rational.js";
import { discreteLaplace } from "./discrete-laplace.js";

/** A way to release integers with a stated cost. */
export interface NoiseMechanism {
  /** What one release costs. */
  readonly event: PrivacyEvent;
  /** Adds the noise. Sums of other numbers are released as integers of a unit (cents, thousandths). */
  release(value: bigint): bigint;
  /**
   * The released value is within this distance of the true one with at least this probability.
   *
   * @param confidence above 0 and below 1, such as 0.95
   */
  errorBound(confidence: number): number;
}

/**
 * Releases integers with pure differential privacy by discrete Laplace noise.
 *
 * @param options.epsilon above 0, read as the decimal that it prints as
 * @param options.sensitivity integer of at least 1: by how much one person can move the value
 * @param options.bits default: the operating system's generator
 * @throws DeepwrightError `INVALID_ARGUMENT`
 * @example
 * ```ts
 * const mechanism = laplaceMechanism({ epsilon: 0.5, sensitivity: 1 });
 * console.log(mechanism.errorBound(0.95)); // 6
 * ```
 */
export function laplaceMechanism(options: {
  readonly epsilon: number;
  readonly sensitivity: number;
  readonly bits?: RandomBits;
}): NoiseMechanism {
  const sensitivity = requireInteger("sensitivity", options.sensitivity, 1);
  const epsilon = fromDecimal("epsilon", requirePositive("epsilon", options.epsilon));
  const exact = divide(rational(BigInt(sensitivity)), epsilon);
  const noise = discreteLaplace(exact, options.bits ?? systemBits());
  const scale = toNumber(exact);
  return {
    event: { kind: "discrete-laplace", scale, sensitivity },
    release: (value) => value + noise(),
    errorBound(confidence) {
      const miss = 1 - requireOpenProbability("confidence", confidence);
      // P(|X| > k) = 2 q^(k+1) / (1 + q) with q = exp(-1 / scale), the sum of two geometric tails.
      const q = Math.exp(-1 / scale);
      return Math.max(0, Math.ceil(-scale * Math.log((miss * (1 + q)) / 2) - 1));
    },
  };
}
