import { DeepwrightError } from "@deepwright/core";
import { requireInteger, requirePositive } from "../arguments.js";
import { type RandomBits, systemBits } from "../random/random-bits.js";
import { divide, fromDecimal, multiply, rational } from "../random/rational.js";
import { discreteLaplace } from "./discrete-laplace.js";

/** Asks which of a long row of values lie above a threshold, and pays only for those that do. */
export interface SparseVector {
  /**
   * Whether the value (with noise) reaches the threshold (with noise).
   *
   * @throws DeepwrightError `BUDGET_EXHAUSTED` once `maximumPositives` were found
   */
  isAbove(value: bigint): boolean;
  /** Positives that may still come. */
  readonly remaining: number;
}

/**
 * The sparse vector technique in the form that is private as a whole (Lyu, Su and Li 2017, algorithm 1, with the optimal
 * split of section 4.2), with discrete noise.
 *
 * @param options.epsilon for all questions together, pure
 * @param options.sensitivity integer of at least 1: by how much one person can move any one value
 * @param options.threshold to reach
 * @param options.maximumPositives at least 1
 * @throws DeepwrightError `INVALID_ARGUMENT`
 */
export function sparseVector(options: {
  readonly epsilon: number;
  readonly sensitivity: number;
  readonly threshold: bigint;
  readonly maximumPositives: number;
  readonly bits?: RandomBits;
}): SparseVector {
  const bits = options.bits ?? systemBits();
  const sensitivity = rational(BigInt(requireInteger("sensitivity", options.sensitivity, 1)));
  const positives = requireInteger("maximumPositives", options.maximumPositives, 1);
  const epsilon = fromDecimal("epsilon", requirePositive("epsilon", options.epsilon));
  // epsilon1 : epsilon2 = 1 : (2c)^(2/3); rounded to thousandths, so that both add up to epsilon exactly.
  const share = BigInt(Math.round(1000 / (1 + (2 * positives) ** (2 / 3))) || 1);
  const forThreshold = multiply(epsilon, rational(share, 1000n));
  const forValues = multiply(epsilon, rational(1000n - share, 1000n));
  const thresholdNoise = discreteLaplace(divide(sensitivity, forThreshold), bits);
  const valueNoise = discreteLaplace(divide(multiply(sensitivity, rational(2n * BigInt(positives))), forValues), bits);
  const border = options.threshold + thresholdNoise();
  let remaining = positives;
  return {
    isAbove(value) {
      if (remaining === 0) {
        throw new DeepwrightError({
          code: "BUDGET_EXHAUSTED",
          kind: "not-allowed",
          expected: `at most ${positives} values above the threshold`,
          got: "a question after the last of them",
          todo: "Begin another round with an epsilon of its own.",
        });
      }
      const above = value + valueNoise() >= border;
      if (above) remaining -= 1;
      return above;
    },
    get remaining() {
      return remaining;
    },
  };
}
