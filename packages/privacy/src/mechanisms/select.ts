import { DeepwrightError } from "@deepwright/core";
import { requirePositive } from "../arguments.js";
import { bernoulliExponentialBig } from "../random/bernoulli.js";
import { type RandomBits, systemBits, uniformBelow } from "../random/random-bits.js";
import { divide, fromDecimal, multiply, type Rational, rational, subtract } from "../random/rational.js";

export interface SelectionOptions {
  /** Above 0, read as the decimal that it prints as; the whole selection costs this, pure. */
  readonly epsilon: number;
  /** By how much one person can move any one score, above 0. */
  readonly sensitivity: number;
  /** Whether a person moves all scores in the same direction (counts): half the noise is enough. Default false. */
  readonly monotonic?: boolean;
  /** Default: the operating system's generator. */
  readonly bits?: RandomBits;
}

/** For every score its loss against the best, in units of the exponent: accept with probability exp(-loss). */
function losses(scores: readonly number[], options: SelectionOptions): Rational[] {
  const epsilon = fromDecimal("epsilon", requirePositive("epsilon", options.epsilon));
  const sensitivity = fromDecimal("sensitivity", requirePositive("sensitivity", options.sensitivity));
  if (scores.length === 0) {
    throw new DeepwrightError({
      code: "INVALID_ARGUMENT",
      expected: "at least one score",
      got: "none",
      todo: "Pass the score of each candidate; nothing was spent or released.",
    });
  }
  const exact = scores.map((score) => fromDecimal("score", score));
  const best = exact.reduce((a, b) => (subtract(a, b).numerator >= 0n ? a : b));
  const factor = divide(epsilon, multiply(sensitivity, rational(options.monotonic ? 1n : 2n)));
  return exact.map((score) => multiply(subtract(best, score), factor));
}

/**
 * Chooses a candidate of high score with pure differential privacy: permute-and-flip (McKenna and Sheldon 2020, algorithm
 * 1), which is never worse than the exponential mechanism and up to twice as good. Exact.
 *
 * @param scores finite, higher is better
 * @returns the index of the chosen one
 * @throws DeepwrightError `INVALID_ARGUMENT`
 */
export function permuteAndFlip(scores: readonly number[], options: SelectionOptions): number {
  const bits = options.bits ?? systemBits();
  const exponents = losses(scores, options);
  const order = exponents.map((_, index) => index);
  for (let last = order.length - 1; ; last--) {
    const pick = uniformBelow(bits, last + 1);
    const index = order[pick] as number;
    order[pick] = order[last] as number;
    order[last] = index;
    // The best one is accepted for certain when its turn comes, so the row never runs out.
    const { numerator, denominator } = exponents[index] as Rational;
    if (bernoulliExponentialBig(bits, numerator, denominator)) return index;
  }
}

/**
 * The exponential mechanism (McSherry and Talwar 2007), exact by rejection: P(i) proportional to
 * exp(epsilon score_i / (2 sensitivity)).
 *
 * @param scores finite, higher is better
 * @returns the index of the chosen one
 * @throws DeepwrightError `INVALID_ARGUMENT`
 */
export function exponentialMechanism(scores: readonly number[], options: SelectionOptions): number {
  const bits = options.bits ?? systemBits();
  const exponents = losses(scores, options);
  for (;;) {
    const index = uniformBelow(bits, exponents.length);
    const { numerator, denominator } = exponents[index] as Rational;
    if (bernoulliExponentialBig(bits, numerator, denominator)) return index;
  }
}
