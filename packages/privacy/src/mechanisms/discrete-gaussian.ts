import { requirePositive } from "../arguments.js";
import { bernoulliExponential, bernoulliExponentialBig } from "../random/bernoulli.js";
import { type RandomBits, systemBits } from "../random/random-bits.js";
import { fromDecimal, multiply, type Rational } from "../random/rational.js";
import { plainLaplace } from "./discrete-laplace.js";

/**
 * Draws integers with P(x) proportional to exp(-x^2 / (2 sigma^2)), exactly: Canonne, Kamath and Steinke 2020,
 * algorithm 3.
 *
 * @param sigma above 0, below 2^40, read as the decimal that it prints as
 * @param bits default: the operating system's generator
 * @throws DeepwrightError `INVALID_ARGUMENT`
 */
export function discreteGaussian(sigma: number, bits: RandomBits = systemBits()): () => bigint {
  const exact = fromDecimal("sigma", requirePositive("sigma", sigma, 2 ** 40));
  return discreteGaussianOfVariance(multiply(exact, exact), bits);
}

/** The same for a variance that is known exactly, which may be the square of no fraction. */
export function discreteGaussianOfVariance(variance: Rational, bits: RandomBits = systemBits()): () => bigint {
  const { numerator: p, denominator: q } = variance;
  // Any scale gives the right distribution; the integer above sigma rejects least (section 5.3 there).
  const scale = squareRoot(p / q) + 1n;
  const laplace = plainLaplace(bits, Number(scale), 1);
  // Accept y with probability exp(-(|y| - sigma^2 / scale)^2 / (2 sigma^2)), over the common denominator.
  const denominator = 2n * p * q * scale * scale;
  // |y| of 64 scales comes once in e^64 draws; a plain path that stays exact up to there.
  const largest = 64n * scale * scale * q + p;
  if (largest * largest < 2n ** 53n && denominator * 128n < 2n ** 53n) {
    const [step, offset, plain] = [Number(q * scale), Number(p), Number(denominator)];
    return () => {
      for (;;) {
        const y = laplace();
        const distance = Math.abs(y) * step - offset;
        if (Math.abs(y) <= 64 * Number(scale)) {
          if (bernoulliExponential(bits, distance * distance, plain)) return BigInt(y);
        } else if (acceptWide(bits, BigInt(Math.abs(y)) * q * scale - p, denominator)) return BigInt(y);
      }
    };
  }
  return () => {
    for (;;) {
      const y = BigInt(laplace());
      if (acceptWide(bits, (y < 0n ? -y : y) * q * scale - p, denominator)) return y;
    }
  };
}

const acceptWide = (bits: RandomBits, distance: bigint, denominator: bigint): boolean =>
  bernoulliExponentialBig(bits, distance * distance, denominator);

/** The integer part of the square root (Newton). */
function squareRoot(value: bigint): bigint {
  if (value < 2n) return value;
  let guess = 1n << BigInt((value.toString(2).length + 1) >> 1);
  for (;;) {
    const next = (guess + value / guess) >> 1n;
    if (next >= guess) return guess;
    guess = next;
  }
}
