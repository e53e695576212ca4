import { assert as check, double, integer, property, record, array as sequence } from "fast-check";
import { describe, expect, it } from "vitest";
import { formatFigure, interleave, median, medianRatio, quantile } from "./statistics.js";

const samples = sequence(double({ noNaN: true, min: -1e6, max: 1e6 }), { minLength: 1, maxLength: 30 });

describe("statistics of measurements", () => {
  it("has at most half of the values on either side of the median", () => {
    check(
      property(samples, (values) => {
        const middle = median(values);
        expect(values.filter((value) => value < middle).length * 2).toBeLessThanOrEqual(values.length);
        expect(values.filter((value) => value > middle).length * 2).toBeLessThanOrEqual(values.length);
      }),
    );
  });

  it("interpolates between order statistics", () => {
    expect(quantile([3, 1, 2, 4], 0.5)).toBe(2.5);
    expect(quantile([3, 1, 2], 1)).toBe(3);
    expect(median([])).toBeNaN();
  });

  it("finds a factor that a drift of the machine hides from medians", () => {
    check(
      property(
        record({ factor: double({ noNaN: true, min: 0.1, max: 10 }), drift: samples.map((all) => all.map(Math.abs)) }),
        ({ factor, drift }) => {
          const theirs = drift.map((value) => value + 1);
          expect(
            medianRatio(
              theirs.map((value) => value * factor),
              theirs,
            ),
          ).toBeCloseTo(factor, 9);
        },
      ),
    );
  });

  it("lets candidates take turns", async () => {
    const order: string[] = [];
    const candidate = (name: string) => async () => order.push(name);
    const results = await interleave(2, { a: candidate("a"), b: candidate("b") });
    expect(order).toEqual(["a", "b", "a", "b"]);
    expect(results).toEqual({ a: [1, 3], b: [2, 4] });
  });

  it("prints what can be read back within half a per cent", () => {
    check(
      property(integer({ min: 1, max: 10 ** 9 }), (value) => {
        const printed = Number(formatFigure(value / 1000).replaceAll(",", ""));
        expect(Math.abs(printed / (value / 1000) - 1)).toBeLessThanOrEqual(0.005);
      }),
    );
    expect(formatFigure(1_234_567)).toBe("1,234,567");
    expect(formatFigure(Number.NaN)).toBe("NaN");
  });
});
