import { isDeepwrightError } from "@deepwright/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ridge } from "./ridge.js";

const value = fc.integer({ min: -9, max: 9 });

describe("ridge", () => {
  it("fits a line exactly", () => {
    const fit = ridge(
      [
        [1, 0],
        [1, 1],
        [1, 2],
      ],
      [1, 3, 5],
      [0, 0],
    );
    expect(fit.coefficients[0]).toBeCloseTo(1, 12);
    expect(fit.coefficients[1]).toBeCloseTo(2, 12);
    expect(fit.residualSquares).toBeCloseTo(0, 12);
    expect(fit.effectiveParameters).toBeCloseTo(2, 12);
  });

  it("satisfies its normal equations and spends fewer parameters the heavier the penalty", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(value, value, value, value), { minLength: 2, maxLength: 20 }),
        fc.double({ min: 0.1, max: 50, noNaN: true }),
        (table, penalty) => {
          const rows = table.map(([a, b, c]) => [a, b, c]);
          const targets = table.map(([, , , d]) => d);
          const fit = ridge(rows, targets, [penalty, penalty, penalty]);
          for (let j = 0; j < 3; j++) {
            const gradient = rows.reduce(
              (sum, row, index) => {
                const fitted = row.reduce((total, entry, k) => total + entry * (fit.coefficients[k] as number), 0);
                return sum + (row[j] as number) * ((targets[index] as number) - fitted);
              },
              -penalty * (fit.coefficients[j] as number),
            );
            expect(gradient).toBeCloseTo(0, 6);
          }
          expect(fit.effectiveParameters).toBeLessThan(3);
          expect(ridge(rows, targets, [penalty * 2, penalty * 2, penalty * 2]).effectiveParameters).toBeLessThanOrEqual(
            fit.effectiveParameters + 1e-9,
          );
        },
      ),
    );
  });

  it("refuses columns that can't be told apart and ragged rows", () => {
    const codeOf = (call: () => unknown): unknown => {
      try {
        call();
      } catch (error) {
        return isDeepwrightError(error) ? error.code : error;
      }
      return "no error";
    };
    expect(
      codeOf(() =>
        ridge(
          [
            [1, 2],
            [2, 4],
          ],
          [1, 2],
          [0, 0],
        ),
      ),
    ).toBe("SINGULAR_FIT");
    expect(codeOf(() => ridge([[1, 2], [2]], [1, 2], [0, 0]))).toBe("INVALID_ARGUMENT");
    expect(
      ridge(
        [
          [1, 2],
          [2, 4],
        ],
        [1, 2],
        [0, 1],
      ).coefficients,
    ).toHaveLength(2);
  });
});
