import { requirePositive } from "../arguments.js";
import { bernoulliExponential, bernoulliExponentialBig } from "../random/bernoulli.js";
import { type RandomBits, systemBits, uniformBelow, uniformBelowBig } from "../random/random-bits.js";
import { fromDecimal, type Rational } from "../random/rational.js";

/** Up to here products with the denominator and the draws of a trial stay below 2^53. */
const largestPlain = 2n ** 40n;

/**
 * Draws integers with P(x) proportional to exp(-|x| / scale), exactly: no floating-point number takes part, so the
 * attack on the low bits of noise (Mironov 2012) has nothing to hold on to.
 *
 * @param scale above 0, read as the decimal that it prints as
 * @param bits default: the operating system's generator
 * @throws DeepwrightError `INVALID_ARGUMENT`
 * @example
 * ```ts
 * const draw = discreteLaplace(10);
 * console.log(typeof draw()); // bigint
 * ```
 */
export function discreteLaplace(scale: number | Rational, bits: RandomBits = systemBits()): () => bigint {
  const exact = typeof scale === "number" ? fromDecimal("scale", requirePositive("scale", scale)) : scale;
  const { numerator, denominator } = exact;
  if (numerator <= largestPlain && denominator <= largestPlain) {
    const sampler = plainLaplace(bits, Number(numerator), Number(denominator));
    return () => BigInt(sampler());
  }
  return () => wideLaplace(bits, numerator, denominator);
}

/**
 * Canonne, Kamath and Steinke 2020, algorithm 2, for a scale of `numerator / denominator`, both at most 2^40. A draw is
 * beyond 2^53 with a probability below exp(-2^12), which is never.
 */
export function plainLaplace(bits: RandomBits, numerator: number, denominator: number): () => number {
  return () => {
    for (;;) {
      const low = uniformBelow(bits, numerator);
      if (!bernoulliExponential(bits, low, numerator)) continue;
      let turns = 0;
      while (bernoulliExponential(bits, 1, 1)) turns += 1;
      const magnitude = Math.floor((low + numerator * turns) / denominator);
      const negative = (bits.next32() & 1) === 1;
      if (negative && magnitude === 0) continue;
      return negative ? -magnitude : magnitude;
    }
  };
}

function wideLaplace(bits: RandomBits, numerator: bigint, denominator: bigint): bigint {
  for (;;) {
    const low = uniformBelowBig(bits, numerator);
    if (!bernoulliExponentialBig(bits, low, numerator)) continue;
    let turns = 0n;
    while (bernoulliExponential(bits, 1, 1)) turns += 1n;
    const magnitude = (low + numerator * turns) / denominator;
    const negative = (bits.next32() & 1) === 1;
    if (negative && magnitude === 0n) continue;
    return negative ? -magnitude : magnitude;
  }
}
