import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mean, standardDeviation, variance } from "./moments.js";
import { median, medianAbsoluteDeviation, sampleQuantile } from "./order.js";

const sample = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 2, maxLength: 60 });

describe("moments", () => {
  it("keeps digits that plain summation loses", () => {
    expect(mean([1e16, 1, -1e16])).toBeCloseTo(1 / 3, 15);
    expect(variance([1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16])).toBe(30);
  });

  it("shifts and scales as it must", () => {
    fc.assert(
      fc.property(sample, fc.integer({ min: -50, max: 50 }), (values, factor) => {
        const moved = values.map((value) => value * factor + 3);
        expect(mean(moved)).toBeCloseTo(mean(values) * factor + 3, 4);
        expect(standardDeviation(moved)).toBeCloseTo(standardDeviation(values) * Math.abs(factor), 3);
      }),
    );
  });

  it("refuses too few values and values that are not finite", () => {
    expect(() => mean([])).toThrowError(/at least 1 values/);
    expect(() => variance([1])).toThrowError(/at least 2 values/);
    expect(() => mean([1, Number.NaN])).toThrowError(/NaN at index 1/);
    expect(() => median([Number.POSITIVE_INFINITY])).toThrowError(/Infinity at index 0/);
  });
});

describe("order statistics", () => {
  it("interpolates as type 7", () => {
    expect(sampleQuantile([4, 1, 3, 2], 0.25)).toBe(1.75);
    expect(median([5])).toBe(5);
    expect(medianAbsoluteDeviation([1, 1, 2, 2, 4, 6, 9], 1)).toBe(1);
  });

  it("lies between the extremes, rises with the probability and ignores the order of values", () => {
    const probability = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(sample, probability, probability, (values, p, q) => {
        const low = sampleQuantile(values, Math.min(p, q));
        const high = sampleQuantile([...values].reverse(), Math.max(p, q));
        expect(low).toBeLessThanOrEqual(high + 1e-9 * Math.abs(high));
        expect(low).toBeGreaterThanOrEqual(Math.min(...values));
        expect(high).toBeLessThanOrEqual(Math.max(...values));
      }),
    );
  });
});
