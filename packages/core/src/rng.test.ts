import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Rng, seededRng } from "./rng.js";

const seeds = fc.integer();
const draw = <T>(count: number, next: () => T): T[] => Array.from({ length: count }, next);
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Pearson's chi-squared statistic of counts that are expected to be equal. */
function chiSquared(counts: readonly number[]): number {
  const expected = mean(counts);
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

/** The quantile at 1 - 1e-6 of chi-squared with 99 degrees of freedom. */
const chiSquaredLimit99 = 175.9;

function histogram(values: readonly number[], bins: number): number[] {
  const counts = new Array<number>(bins).fill(0);
  for (const value of values) counts[value] = (counts[value] as number) + 1;
  return counts;
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const [meanA, meanB] = [mean(a), mean(b)];
  const covariance = mean(a.map((value, index) => (value - meanA) * ((b[index] as number) - meanB)));
  return covariance / Math.sqrt(mean(a.map((v) => (v - meanA) ** 2)) * mean(b.map((v) => (v - meanB) ** 2)));
}

describe("seededRng", () => {
  it("gives the same stream for the same seed", () => {
    const everything = (rng: Rng): unknown[] => [
      rng.uniform(),
      rng.integer(10),
      rng.normal(),
      rng.shuffle([1, 2, 3]),
      rng.fork("a").uniform(),
    ];
    fc.assert(
      fc.property(seeds, (seed) => {
        expect(everything(seededRng(seed))).toEqual(everything(seededRng(seed)));
      }),
    );
  });

  it("keeps the streams that were recorded once, so that old runs can be repeated", () => {
    const rng = seededRng(42);
    expect(draw(4, () => rng.integer(1_000_000))).toMatchInlineSnapshot(`
      [
        263245,
        14284,
        938759,
        150692,
      ]
    `);
    expect(seededRng(42).fork("data").integer(1_000_000)).toMatchInlineSnapshot(`49662`);
  });

  it("draws uniform numbers in [0, 1) that fill 100 bins evenly, also from neighbouring seeds", () => {
    const rng = seededRng(1);
    const stream = draw(200_000, () => rng.uniform());
    expect(stream.every((value) => value >= 0 && value < 1)).toBe(true);
    expect(
      chiSquared(
        histogram(
          stream.map((value) => Math.floor(value * 100)),
          100,
        ),
      ),
    ).toBeLessThan(chiSquaredLimit99);
    const first = Array.from({ length: 100_000 }, (_, seed) => seededRng(seed).integer(100));
    expect(chiSquared(histogram(first, 100))).toBeLessThan(chiSquaredLimit99);
  });

  it("draws pairs that fill a 10 by 10 grid evenly", () => {
    const rng = seededRng(2);
    const cells = draw(100_000, () => rng.integer(10) * 10 + rng.integer(10));
    expect(chiSquared(histogram(cells, 100))).toBeLessThan(chiSquaredLimit99);
  });

  it("draws normal numbers with the moments of the standard normal", () => {
    const rng = seededRng(3);
    const values = draw(200_000, () => rng.normal());
    // Limits are five standard errors: sqrt(1/n), sqrt(2/n), sqrt(15/n), sqrt(96/n).
    const standardErrors = (variance: number): number => 5 * Math.sqrt(variance / values.length);
    expect(Math.abs(mean(values))).toBeLessThan(standardErrors(1));
    expect(Math.abs(mean(values.map((v) => v ** 2)) - 1)).toBeLessThan(standardErrors(2));
    expect(Math.abs(mean(values.map((v) => v ** 3)))).toBeLessThan(standardErrors(15));
    expect(Math.abs(mean(values.map((v) => v ** 4)) - 3)).toBeLessThan(standardErrors(96));
  });

  it("draws integers below any bound without modulo bias", () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 1, max: 2 ** 32 }), (seed, bound) => {
        const value = seededRng(seed).integer(bound);
        expect(Number.isInteger(value) && value >= 0 && value < bound).toBe(true);
      }),
    );
    // Three quarters of 2^32: with modulo bias the lowest third would come twice as often.
    const bound = 3 * 2 ** 30;
    const rng = seededRng(4);
    const low = draw(30_000, () => rng.integer(bound)).filter((value) => value < bound / 3).length;
    expect(Math.abs(low - 10_000)).toBeLessThan(5 * Math.sqrt((30_000 * 2) / 9));
  });

  it("refuses bounds that have no integer below them", () => {
    for (const bound of [0, -1, 1.5, Number.NaN, Infinity, 2 ** 32 + 1]) {
      expect(() => seededRng(1).integer(bound)).toThrow(expect.objectContaining({ code: "INVALID_BOUND" }));
    }
  });

  it("shuffles into a permutation, each of the 24 of four items equally often", () => {
    fc.assert(
      fc.property(seeds, fc.array(fc.anything()), (seed, items) => {
        const shuffled = seededRng(seed).shuffle([...items]);
        expect(shuffled).toHaveLength(items.length);
        const rest = [...items];
        for (const item of shuffled)
          rest.splice(
            rest.findIndex((other) => Object.is(other, item)),
            1,
          );
        expect(rest).toEqual([]);
      }),
    );
    const rng = seededRng(5);
    const counts = new Map<string, number>();
    for (let round = 0; round < 24_000; round++) {
      const order = rng.shuffle(["a", "b", "c", "d"]).join("");
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    // The quantile at 1 - 1e-6 of chi-squared with 23 degrees of freedom.
    expect(chiSquared([...counts.values()])).toBeLessThan(68.0);
  });
});

describe("fork", () => {
  it("does not depend on what was drawn before, and leaves the parent's stream as it is", () => {
    fc.assert(
      fc.property(seeds, fc.string(), fc.nat(20), (seed, label, draws) => {
        const used = seededRng(seed);
        draw(draws, () => used.uniform());
        expect(used.fork(label).uniform()).toBe(seededRng(seed).fork(label).uniform());
        const untouched = seededRng(seed);
        draw(draws, () => untouched.uniform());
        expect(used.uniform()).toBe(untouched.uniform());
      }),
    );
  });

  it("gives streams that correlate neither with the parent nor with each other", () => {
    const count = 20_000;
    const stream = (rng: Rng): number[] => draw(count, () => rng.uniform());
    const parent = seededRng(6);
    const streams = [stream(parent), ...["", "a", "b", "ab", "0", "1"].map((label) => stream(parent.fork(label)))];
    for (const [index, one] of streams.entries()) {
      for (const other of streams.slice(index + 1)) {
        expect(Math.abs(correlation(one, other))).toBeLessThan(5 / Math.sqrt(count));
      }
    }
  });

  it("tells a path of labels from the same labels in another order or joined", () => {
    const rng = seededRng(7);
    const first = [rng.fork("a").fork("b"), rng.fork("b").fork("a"), rng.fork("ab")].map((fork) => fork.uniform());
    expect(new Set(first).size).toBe(3);
  });
});
