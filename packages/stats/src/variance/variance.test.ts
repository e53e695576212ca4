import { seededRng } from "@deepwright/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { simulatedRate } from "../testing/rates.js";
import { moderatedVariance, pooledVariance, predictionInterval, standardDeviationInterval } from "./pooled-variance.js";
import { randomEffects } from "./random-effects.js";

describe("pooledVariance", () => {
  it("pools within groups and passes over single runs", () => {
    const pooled = pooledVariance([[1, 3], [10, 12, 14], [5]]);
    expect(pooled?.variance).toBeCloseTo(10 / 3, 12);
    expect(pooled?.degreesOfFreedom).toBe(3);
    expect(pooledVariance([[1], []])).toBeNull();
  });

  it("does not depend on the groups' means", () => {
    const groups = fc.array(fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 2, maxLength: 5 }), {
      minLength: 1,
      maxLength: 5,
    });
    fc.assert(
      fc.property(groups, fc.integer({ min: -100, max: 100 }), (values, shift) => {
        const moved = values.map((group, index) => group.map((value) => value + shift * index));
        expect(pooledVariance(moved)?.variance).toBeCloseTo(pooledVariance(values)?.variance as number, 8);
      }),
    );
  });

  it("covers the deviation and one further value, with two degrees of freedom too", () => {
    const rng = seededRng(61);
    const deviation = simulatedRate(2000, 0.1, () => {
      const pooled = pooledVariance([
        [rng.normal(), rng.normal()],
        [rng.normal(), rng.normal()],
      ]);
      const { low, high } = standardDeviationInterval(pooled as NonNullable<typeof pooled>, 0.9);
      return !(low <= 1 && 1 <= high);
    });
    expect(Math.abs(deviation.rate - 0.1)).toBeLessThanOrEqual(deviation.slack);
    const prediction = simulatedRate(2000, 0.05, () => {
      const values = [rng.normal(), rng.normal(), rng.normal()];
      const pooled = pooledVariance([values]);
      const { low, high } = predictionInterval(values, pooled as NonNullable<typeof pooled>);
      const next = rng.normal();
      return !(low <= next && next <= high);
    });
    expect(Math.abs(prediction.rate - 0.05)).toBeLessThanOrEqual(prediction.slack);
  });

  it("moderates between the two variances", () => {
    const own = { variance: 4, standardDeviation: 2, degreesOfFreedom: 1 };
    const prior = { variance: 1, standardDeviation: 1, degreesOfFreedom: 3 };
    expect(moderatedVariance(own, prior).variance).toBe(1.75);
    expect(moderatedVariance(own, prior).degreesOfFreedom).toBe(4);
  });
});

describe("randomEffects", () => {
  it("solves the classic eight schools by Paule and Mandel", () => {
    // Rubin 1981: the moment estimate of the between-school variance is 0 and the pooled mean 7.69 (4.07).
    const estimates = [28, 8, -3, 7, -1, 1, 18, 12];
    const errors = [15, 10, 16, 11, 9, 11, 10, 18];
    const result = randomEffects(
      estimates.map((estimate, index) => ({ estimate, standardError: errors[index] as number })),
    );
    expect(result.betweenDeviation).toBe(0);
    expect(result.mean).toBeCloseTo(7.69, 2);
    expect(result.standardError).toBeCloseTo(4.07, 2);
    for (const effect of result.shrunken) expect(effect.estimate).toBe(result.mean);
  });

  it("shrinks towards the mean, never beyond", () => {
    const effect = fc.record({
      estimate: fc.double({ min: -50, max: 50, noNaN: true }),
      standardError: fc.double({ min: 0.1, max: 20, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(effect, { minLength: 1, maxLength: 12 }), (effects) => {
        const result = randomEffects(effects);
        effects.forEach(({ estimate }, index) => {
          const shrunken = result.shrunken[index]?.estimate as number;
          expect(shrunken).toBeGreaterThanOrEqual(Math.min(estimate, result.mean) - 1e-9);
          expect(shrunken).toBeLessThanOrEqual(Math.max(estimate, result.mean) + 1e-9);
        });
      }),
    );
  });

  it("covers the mean effect", () => {
    const rng = seededRng(71);
    const { rate, slack } = simulatedRate(1500, 0.05, () => {
      const effects = Array.from({ length: 6 }, () => {
        const standardError = 0.5 + rng.uniform();
        return { estimate: 2 + rng.normal() + standardError * rng.normal(), standardError };
      });
      const { low, high } = randomEffects(effects).interval;
      return !(low <= 2 && 2 <= high);
    });
    expect(rate).toBeLessThanOrEqual(0.055 + slack);
  });

  it("refuses no effects and errors of 0", () => {
    expect(() => randomEffects([])).toThrowError(/at least one effect/);
    expect(() => randomEffects([{ estimate: 1, standardError: 0 }])).toThrowError(/standardError/);
  });
});
