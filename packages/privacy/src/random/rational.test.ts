import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { divide, fromDecimal, multiply, rational, subtract, toNumber } from "./rational.js";

const whole = fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n });
const positive = fc.bigInt({ min: 1n, max: 10n ** 12n });

describe("rational", () => {
  it("reads a number as the decimal that it prints as", () => {
    expect(fromDecimal("x", 0.1)).toEqual({ numerator: 1n, denominator: 10n });
    expect(fromDecimal("x", 1e-7)).toEqual({ numerator: 1n, denominator: 10n ** 7n });
    expect(fromDecimal("x", 2.5e21)).toEqual({ numerator: 25n * 10n ** 20n, denominator: 1n });
    expect(fromDecimal("x", -0.75)).toEqual({ numerator: -3n, denominator: 4n });
  });

  it("gives every number back", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e15, max: 1e15 }), (value) => {
        fc.pre(value === 0 || Math.abs(value) > 1e-200);
        expect(Math.abs(toNumber(fromDecimal("x", value)) - value)).toBeLessThanOrEqual(Math.abs(value) * 2 ** -51);
      }),
    );
  });

  it("keeps to the laws of fractions", () => {
    fc.assert(
      fc.property(whole, positive, whole, positive, (a, b, c, d) => {
        const [x, y] = [rational(a, b), rational(c, d)];
        expect(subtract(x, x)).toEqual(rational(0n));
        if (c !== 0n) expect(multiply(divide(x, y), y)).toEqual(x);
        expect(rational(-a, -b)).toEqual(x);
      }),
    );
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])("refuses %d", (value) => {
    expect(() => fromDecimal("epsilon", value)).toThrow("epsilon to be a finite number");
  });
});
