import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  addSequences,
  bases,
  formatSequence,
  parseSequence,
  power,
  primes,
  type SequenceHash,
  shiftSequence,
  weightTable,
} from "./sequence.js";

const lane = (index: number): fc.Arbitrary<bigint> => fc.bigInt({ min: 0n, max: (primes[index] as bigint) - 1n });
const hash = fc.tuple(lane(0), lane(1), lane(2), lane(3)) as fc.Arbitrary<SequenceHash>;

function factors(value: bigint): bigint[] {
  const found: bigint[] = [];
  let rest = value;
  for (let divisor = 2n; divisor * divisor <= rest; divisor++) {
    while (rest % divisor === 0n) {
      found.push(divisor);
      rest /= divisor;
    }
  }
  return rest > 1n ? [...found, rest] : found;
}

describe("the sequence hash", () => {
  it("has prime moduli below 2^31 and a primitive root of each", () => {
    primes.forEach((prime, index) => {
      expect(prime < 2n ** 31n && factors(prime).length === 1).toBe(true);
      for (const factor of factors(prime - 1n)) {
        expect(power(bases[index] as bigint, (prime - 1n) / factor, prime)).not.toBe(1n);
      }
    });
  });

  it("shifts there and back", () => {
    fc.assert(
      fc.property(hash, fc.integer({ min: 0, max: 2 ** 40 }), (value, rows) => {
        expect(shiftSequence(shiftSequence(value, rows), -rows)).toEqual(value);
      }),
    );
  });

  it("shifts step by step as at once", () => {
    fc.assert(
      fc.property(hash, fc.nat(100_000), fc.nat(100_000), (value, first, second) => {
        expect(shiftSequence(shiftSequence(value, first), second)).toEqual(shiftSequence(value, first + second));
      }),
    );
  });

  it("is written in 32 digits and read back", () => {
    fc.assert(
      fc.property(hash, hash, (a, b) => {
        const sum = addSequences(a, b);
        expect(formatSequence(sum)).toMatch(/^[0-9a-f]{32}$/);
        expect(parseSequence(formatSequence(sum))).toEqual(sum);
      }),
    );
  });

  it("has tables whose products are the weights of a block", () => {
    const low = weightTable(0, 1);
    const high = weightTable(0, 64);
    for (const place of [0, 1, 63, 64, 4095]) {
      const product = BigInt(low[place & 63] as number) * BigInt(high[place >> 6] as number);
      expect(product % primes[0]).toBe(power(bases[0], BigInt(place), primes[0]));
    }
  });
});
