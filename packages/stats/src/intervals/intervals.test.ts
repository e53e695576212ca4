import { seededRng } from "@deepwright/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mean } from "../descriptive/moments.js";
import { median } from "../descriptive/order.js";
import { binomial } from "../distributions/binomial.js";
import { simulatedRate } from "../testing/rates.js";
import { hasScipy, scipy } from "../testing/scipy.js";
import { bootstrapInterval } from "./bootstrap.js";
import { clopperPearsonInterval, wilsonInterval } from "./proportion.js";

describe("proportion intervals", () => {
  const cases = Array.from({ length: 40 }, (_, index) => ({
    n: 1 + index * 3,
    k: Math.floor((index * index * 7) % (2 + index * 3)),
  }));

  it.skipIf(!hasScipy)(`agree with SciPy${hasScipy ? "" : " (skipped: no python3 with scipy)"}`, () => {
    const expected = scipy<readonly (readonly number[])[]>(
      `[[*t.proportion_ci(.95, "wilson"), *t.proportion_ci(.95, "exact")] for c in data for t in [stats.binomtest(c["k"], c["n"])]]`,
      cases,
    );
    cases.forEach(({ n, k }, index) => {
      const wilson = wilsonInterval(k, n);
      const exact = clopperPearsonInterval(k, n);
      [wilson.low, wilson.high, exact.low, exact.high].forEach((value, column) => {
        expect(value).toBeCloseTo(expected[index]?.[column] as number, 9);
      });
    });
  });

  it("Clopper and Pearson's covers every proportion (exact sum over outcomes)", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.double({ min: 0, max: 1, noNaN: true }), (n, p) => {
        let coverage = 0;
        for (let k = 0; k <= n; k++) {
          const { low, high } = clopperPearsonInterval(k, n, 0.9);
          if (low <= p && p <= high) coverage += binomial(n, p).mass(k);
        }
        expect(coverage).toBeGreaterThanOrEqual(0.9 - 1e-9);
      }),
      { numRuns: 60 },
    );
  });

  it("refuses impossible counts", () => {
    expect(() => wilsonInterval(3, 2)).toThrowError(/trials less successes/);
    expect(() => clopperPearsonInterval(0, 0)).toThrowError(/trials/);
    expect(wilsonInterval(0, 5).low).toBe(0);
    expect(clopperPearsonInterval(5, 5).high).toBe(1);
  });
});

describe("bootstrapInterval", () => {
  it("is reproducible, ordered and leaves its input alone", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 2, maxLength: 15 }),
        fc.integer(),
        fc.constantFrom("bca" as const, "percentile" as const),
        (values, seed, method) => {
          const before = [...values];
          const first = bootstrapInterval(values, { rng: seededRng(seed), resamples: 100, method }, median);
          const second = bootstrapInterval(values, { rng: seededRng(seed), resamples: 100, method }, median);
          expect(second).toEqual(first);
          expect(first.low).toBeLessThanOrEqual(first.high);
          expect(values).toEqual(before);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("covers the mean of skewed data better with BCa than with percentiles", () => {
    const misses = (method: "bca" | "percentile") => {
      const rng = seededRng(21);
      return simulatedRate(500, 0.1, () => {
        const values = Array.from({ length: 20 }, () => -Math.log(1 - rng.uniform()));
        const { low, high } = bootstrapInterval(values, { rng, method, resamples: 400, confidence: 0.9 }, mean);
        return !(low <= 1 && 1 <= high);
      });
    };
    const bca = misses("bca");
    // At n = 20 from an exponential the nominal 10 % is 13 % for BCa in the literature (DiCiccio and Efron 1996).
    expect(bca.rate).toBeLessThanOrEqual(0.13 + bca.slack);
    expect(bca.rate).toBeLessThanOrEqual(misses("percentile").rate + 0.01);
  });

  it("gives a point for constant data", () => {
    const result = bootstrapInterval([2, 2, 2], { rng: seededRng(1) });
    expect([result.low, result.high, result.standardError]).toEqual([2, 2, 0]);
  });
});
