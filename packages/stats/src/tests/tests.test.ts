import { seededRng } from "@deepwright/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { simulatedRate } from "../testing/rates.js";
import { hasScipy, scipy } from "../testing/scipy.js";
import { permutationTest } from "./permutation.js";
import { welchTest } from "./welch.js";

const draw = (rng: ReturnType<typeof seededRng>, count: number, scale = 1, shift = 0): number[] =>
  Array.from({ length: count }, () => shift + scale * rng.normal());

describe("welchTest", () => {
  it.skipIf(!hasScipy)(`agrees with SciPy${hasScipy ? "" : " (skipped: no python3 with scipy)"}`, () => {
    const rng = seededRng(3);
    const cases = Array.from({ length: 60 }, () => ({
      a: draw(rng, 2 + rng.integer(9), 1),
      b: draw(rng, 2 + rng.integer(9), 3, 1),
    }));
    const expected = scipy<readonly (readonly [number, number, number, number])[]>(
      `[[r.statistic, r.pvalue, stats.ttest_ind(c["a"], c["b"], equal_var=False, alternative="less").pvalue, r.confidence_interval(.9).low]
 for c in data for r in [stats.ttest_ind(c["a"], c["b"], equal_var=False)]]`,
      cases,
    );
    cases.forEach(({ a, b }, index) => {
      const test = welchTest(a, b, { confidence: 0.9 });
      const [statistic, pValue, less, low] = expected[index] as readonly [number, number, number, number];
      expect(test.statistic).toBeCloseTo(statistic, 10);
      expect(test.pValue).toBeCloseTo(pValue, 10);
      expect(welchTest(a, b, { alternative: "less" }).pValue).toBeCloseTo(less, 10);
      expect(test.interval.low).toBeCloseTo(low, 9);
    });
  });

  it("changes sign with its groups and agrees with its interval", () => {
    const values = fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: 2, maxLength: 12 });
    fc.assert(
      fc.property(values, values, (a, b) => {
        const forward = welchTest(a, b);
        const backward = welchTest(b, a);
        expect(forward.difference).toBeCloseTo(-backward.difference, 9);
        expect(forward.pValue).toBeCloseTo(backward.pValue, 9);
        if (Math.abs(forward.pValue - 0.05) > 1e-6 && forward.standardError > 0) {
          expect(forward.pValue < 0.05).toBe(forward.interval.low > 0 || forward.interval.high < 0);
        }
      }),
    );
  });

  it("is decided without spread", () => {
    expect(welchTest([1, 1], [1, 1]).pValue).toBe(1);
    expect(welchTest([1, 1], [2, 2]).pValue).toBe(0);
  });

  it("keeps its level under the null", () => {
    const rng = seededRng(5);
    const { rate, slack } = simulatedRate(3000, 0.05, () => welchTest(draw(rng, 4), draw(rng, 6, 3)).pValue <= 0.05);
    // Welch's approximation is known to be off by up to half a point at these sizes.
    expect(rate).toBeLessThanOrEqual(0.055 + slack);
    expect(rate).toBeGreaterThan(0.025);
  });
});

describe("permutationTest", () => {
  it("is exact for small samples", () => {
    expect(permutationTest([1, 2, 3], [7, 8, 9], { rng: seededRng(1) })).toEqual({
      difference: -6,
      pValue: 0.1,
      exact: true,
    });
    expect(permutationTest([1, 2, 3], [7, 8, 9], { rng: seededRng(1), alternative: "less" }).pValue).toBe(0.05);
    expect(permutationTest([2, 2], [2, 2], { rng: seededRng(1) }).pValue).toBe(1);
  });

  it("never gives a p-value of 0, and nearly the exact one when it samples", () => {
    const rng = seededRng(2);
    const a = draw(rng, 5);
    const b = draw(rng, 6, 1, 1);
    const exact = permutationTest(a, b, { rng, permutations: 1000 });
    const sampled = permutationTest(a, b, { rng, permutations: 400 });
    expect([exact.exact, sampled.exact]).toEqual([true, false]);
    expect(Math.abs(exact.pValue - sampled.pValue)).toBeLessThan(0.1);
    expect(permutationTest(draw(rng, 40), draw(rng, 40, 1, 50), { rng, permutations: 199 }).pValue).toBe(1 / 200);
  });

  it("keeps its level under the null", () => {
    const rng = seededRng(8);
    const { rate, slack } = simulatedRate(
      1500,
      0.05,
      () => permutationTest(draw(rng, 6), draw(rng, 7), { rng, permutations: 199 }).pValue <= 0.05,
    );
    expect(rate).toBeLessThanOrEqual(0.05 + slack);
  });
});
