import { binomial } from "@deepwright/stats";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seededBits } from "../testing/seeded-bits.js";
import { bernoulli, bernoulliBig, bernoulliExponential, bernoulliExponentialBig } from "./bernoulli.js";
import type { RandomBits } from "./random-bits.js";

/** Bits that spell one real number of [0, 1), 53 at a time as the code takes them. */
function bitsOf(words: readonly (readonly [number, number])[]): RandomBits {
  const queue = words.flatMap(([high, low]) => [high * 32, low * 64]);
  return { next32: () => queue.shift() ?? 0 };
}

const draws = 20_000;

/** Two-sided p-value of a number of successes. */
function pValue(draw: () => boolean, probability: number): number {
  let successes = 0;
  for (let k = 0; k < draws; k++) if (draw()) successes += 1;
  const law = binomial(draws, probability);
  return 2 * Math.min(law.cdf(successes), 1 - law.cdf(successes - 1), 0.5);
}

describe("bernoulli", () => {
  it("compares the drawn real with the fraction exactly, bit by bit", () => {
    const words = fc.tuple(fc.integer({ min: 0, max: 2 ** 27 - 1 }), fc.integer({ min: 0, max: 2 ** 26 - 1 }));
    fc.assert(
      fc.property(
        fc.array(words, { minLength: 3, maxLength: 3 }),
        fc.bigInt({ min: 1n, max: 2n ** 52n }),
        (real, d) => {
          const value = real.reduce((sum, [high, low]) => (sum << 53n) + BigInt(high) * 2n ** 26n + BigInt(low), 0n);
          // The fraction that lies closest to the real, from below and from above: the hardest ones.
          const near = (value * d) >> 159n;
          for (const numerator of [near, near + 1n]) {
            const expected = value * d < numerator << 159n;
            expect(bernoulli(bitsOf(real), Number(numerator), Number(d))).toBe(expected);
            expect(bernoulliBig(bitsOf(real), numerator, d)).toBe(expected);
          }
        },
      ),
    );
  });

  it("is certain at 0 and at 1", () => {
    const ones: RandomBits = { next32: () => 0xffff_ffff };
    const zeros: RandomBits = { next32: () => 0 };
    expect(bernoulli(zeros, 0, 7)).toBe(false);
    expect(bernoulli(ones, 7, 7)).toBe(true);
  });
});

describe("bernoulliExponential", () => {
  it.each([
    [0, 1],
    [1, 3],
    [1, 1],
    [5, 2],
    [1, 1_000_003],
  ])("is true with probability exp(-%d/%d)", (numerator, denominator) => {
    const probability = Math.exp(-numerator / denominator);
    const [plain, big] = [seededBits(1), seededBits(2)];
    expect(pValue(() => bernoulliExponential(plain, numerator, denominator), probability)).toBeGreaterThan(1e-6);
    const [n, d] = [BigInt(numerator) * 10n ** 20n, BigInt(denominator) * 10n ** 20n];
    expect(pValue(() => bernoulliExponentialBig(big, n, d), probability)).toBeGreaterThan(1e-6);
  });
});
