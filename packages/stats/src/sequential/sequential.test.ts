import { seededRng } from "@deepwright/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { simulatedRate } from "../testing/rates.js";
import { spendAlpha, spendingFunction } from "./alpha-spending.js";
import { bettingTest } from "./betting.js";
import { meanDifferenceTest } from "./mean-difference.js";
import { bernoulliRatioTest, normalRatioTest } from "./sprt.js";

describe("meanDifferenceTest", () => {
  for (const standardDeviation of [undefined, 2]) {
    const name = standardDeviation === undefined ? "unknown" : "known";
    it(`rejects a true null at most at its level, looking after every value (${name} deviation)`, () => {
      const rng = seededRng(31);
      const { rate, slack } = simulatedRate(1500, 0.1, () => {
        const test = meanDifferenceTest(standardDeviation === undefined ? {} : { standardDeviation });
        for (let step = 0; step < 60; step++) {
          test.observe(step % 3 === 0 ? "first" : "second", 7 + 2 * rng.normal());
          if (test.eValue() >= 10) return true;
        }
        return false;
      });
      expect(rate).toBeLessThanOrEqual(0.1 + slack);
    });

    it(`covers the true difference at every look together (${name} deviation)`, () => {
      const rng = seededRng(32);
      const { rate, slack } = simulatedRate(800, 0.1, () => {
        const test = meanDifferenceTest(standardDeviation === undefined ? {} : { standardDeviation });
        for (let step = 0; step < 40; step++) {
          test.observe(step % 2 === 0 ? "first" : "second", (step % 2 === 0 ? 3 : 0) + 2 * rng.normal());
          const { low, high } = test.interval(0.9);
          if (3 < low || high < 3) return true;
        }
        return false;
      });
      expect(rate).toBeLessThanOrEqual(0.1 + slack);
    });
  }

  it("its interval holds exactly the differences that are not rejected", () => {
    const value = fc.double({ min: -10, max: 10, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.boolean(), value), { minLength: 1, maxLength: 25 }),
        value,
        fc.option(fc.double({ min: 0.1, max: 10, noNaN: true }), { nil: undefined }),
        fc.constantFrom(0.5, 0.9, 0.99),
        (values, difference, standardDeviation, confidence) => {
          const test = meanDifferenceTest(standardDeviation === undefined ? {} : { standardDeviation });
          for (const [first, entry] of values) test.observe(first ? "first" : "second", entry);
          const { low, high } = test.interval(confidence);
          const near = Math.min(Math.abs(difference - low), Math.abs(difference - high)) < 1e-6;
          // Without any spread the e-value can stand exactly on the threshold.
          const tied = Math.abs(test.eValue(difference) * (1 - confidence) - 1) < 1e-9;
          if (!near && !tied)
            expect(test.eValue(difference) < 1 / (1 - confidence)).toBe(low < difference && difference < high);
        },
      ),
      { numRuns: 300 },
    );
  });

  it("is invariant to shift and scale when the deviation is unknown", () => {
    const value = fc.integer({ min: -50, max: 50 });
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 4, maxLength: 12 }),
        fc.integer({ min: 1, max: 9 }),
        (values, factor) => {
          const plain = meanDifferenceTest();
          const moved = meanDifferenceTest();
          values.forEach((entry, index) => {
            plain.observe(index % 2 === 0 ? "first" : "second", entry);
            moved.observe(index % 2 === 0 ? "first" : "second", entry * factor + 1000);
          });
          expect(moved.eValue()).toBeCloseTo(plain.eValue(), 5);
        },
      ),
    );
  });

  it("finds a large difference in a few values and says nothing before it can", () => {
    const test = meanDifferenceTest({ standardDeviation: 1, effectScale: 5 });
    expect(test.eValue()).toBe(1);
    test.observe("first", 5);
    expect(test.interval(0.95)).toEqual({ low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY });
    test.observe("second", 0);
    expect(test.eValue()).toBeGreaterThan(20);
    expect(() => test.observe("first", Number.NaN)).toThrowError(/finite/);
  });
});

describe("ratio tests", () => {
  it("keep both error rates", () => {
    const rng = seededRng(41);
    for (const truth of [0, 1]) {
      const wrong = truth === 0 ? "alternative" : "null";
      const { rate, slack } = simulatedRate(2000, 0.05, () => {
        const test = normalRatioTest({ nullMean: 0, alternativeMean: 1, standardDeviation: 1.5 });
        while (test.decision === "continue") test.observe(truth + 1.5 * rng.normal());
        return test.decision === wrong;
      });
      expect(rate).toBeLessThanOrEqual(0.05 + slack);
    }
    const { rate, slack } = simulatedRate(1000, 0.05, () => {
      const test = bernoulliRatioTest({ nullProbability: 0.3, alternativeProbability: 0.6 });
      while (test.decision === "continue") test.observe(rng.uniform() < 0.3 ? 1 : 0);
      return test.decision === "alternative";
    });
    expect(rate).toBeLessThanOrEqual(0.05 + slack);
  });

  it("stay decided and refuse what is not an outcome", () => {
    const test = normalRatioTest({ nullMean: 0, alternativeMean: 1, standardDeviation: 0.1 });
    expect(test.observe(1)).toBe("alternative");
    expect(test.observe(-100)).toBe("alternative");
    expect(test.count).toBe(1);
    expect(() => bernoulliRatioTest({ nullProbability: 0.3, alternativeProbability: 0.6 }).observe(0.5)).toThrowError(
      /0 or 1/,
    );
  });
});

describe("bettingTest", () => {
  it("rejects a true null at most at its level, whatever the distribution", () => {
    const rng = seededRng(51);
    const sources = [() => (rng.uniform() < 0.2 ? 1 : 0), () => rng.uniform() * 0.4, () => 0.2];
    for (const source of sources) {
      const { rate, slack } = simulatedRate(600, 0.05, () => {
        const test = bettingTest({ nullMean: 0.2 });
        for (let step = 0; step < 150; step++) {
          test.observe(source());
          if (test.eValue() >= 20) return true;
        }
        return false;
      });
      expect(rate).toBeLessThanOrEqual(0.05 + slack);
    }
  });

  it("finds a difference on the side that was asked for", () => {
    const greater = bettingTest({ nullMean: 50, low: 0, high: 100, alternative: "greater" });
    const less = bettingTest({ nullMean: 50, low: 0, high: 100, alternative: "less" });
    for (let step = 0; step < 60; step++) {
      greater.observe(70);
      less.observe(70);
    }
    expect(greater.eValue()).toBeGreaterThan(20);
    expect(less.eValue()).toBeLessThan(1);
    expect(() => greater.observe(101)).toThrowError(/from 0 to 100/);
    expect(() => bettingTest({ nullMean: 1 })).toThrowError(/nullMean/);
  });
});

describe("alpha spending", () => {
  it("never spends more than there is", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.001, max: 0.5, noNaN: true }),
        fc.integer({ min: 1, max: 500 }),
        (alpha, tests) => {
          let sum = 0;
          for (let test = 1; test <= tests; test++) sum += spendAlpha(alpha, test);
          expect(sum).toBeLessThanOrEqual(alpha);
          for (const shape of ["obrien-fleming", "pocock"] as const) {
            let last = 0;
            for (const share of [0.1, 0.4, 0.8, 1, 2]) {
              const spent = spendingFunction(shape, alpha, share);
              expect(spent).toBeGreaterThanOrEqual(last);
              last = spent;
            }
            expect(last).toBe(alpha);
          }
        },
      ),
    );
    // Known value: at half the information O'Brien and Fleming's function has spent 0.0056 of 0.05.
    expect(spendingFunction("obrien-fleming", 0.05, 0.5)).toBeCloseTo(0.00557, 4);
  });
});
