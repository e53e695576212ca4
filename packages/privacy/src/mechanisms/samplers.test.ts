import { describe, expect, it } from "vitest";
import { rational } from "../random/rational.js";
import { goodnessOfFit } from "../testing/goodness.js";
import { seededBits } from "../testing/seeded-bits.js";
import { discreteGaussian, discreteGaussianOfVariance } from "./discrete-gaussian.js";
import { discreteLaplace } from "./discrete-laplace.js";

const count = 40_000;
const many = (draw: () => bigint): number[] => Array.from({ length: count }, () => Number(draw()));
/** Of a right sampler, one seed in a million would fail. */
const level = 1e-6;

describe("discreteLaplace", () => {
  const law = (scale: number) => (x: number) => Math.tanh(1 / (2 * scale)) * Math.exp(-Math.abs(x) / scale);

  it.each([0.25, 0.5, 1, 3.7, 40])("follows its law at scale %d", (scale) => {
    expect(goodnessOfFit(many(discreteLaplace(scale, seededBits(1))), law(scale))).toBeGreaterThan(level);
  });

  it("follows its law where the fraction is too long for plain numbers", () => {
    const scale = rational(37n * 10n ** 20n + 1n, 10n ** 21n);
    expect(goodnessOfFit(many(discreteLaplace(scale, seededBits(2))), law(3.7))).toBeGreaterThan(level);
  });

  it("draws from the operating system's generator by default, never the same", () => {
    const draw = discreteLaplace(1e6);
    const values = new Set(Array.from({ length: 100 }, () => draw()));
    expect(values.size).toBeGreaterThan(90);
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])("refuses the scale %d", (scale) => {
    expect(() => discreteLaplace(scale)).toThrow("scale to be a finite number above 0");
  });
});

describe("discreteGaussian", () => {
  const law = (variance: number) => {
    const weight = (x: number): number => Math.exp((-x * x) / (2 * variance));
    let total = 1;
    for (let x = 1; weight(x) > 0; x++) total += 2 * weight(x);
    return (x: number) => weight(x) / total;
  };

  it.each([0.3, 0.8, 1, 4.25, 30])("follows its law at sigma %d", (sigma) => {
    expect(goodnessOfFit(many(discreteGaussian(sigma, seededBits(3))), law(sigma ** 2))).toBeGreaterThan(level);
  });

  it("follows its law where the fraction is too long for plain numbers, and for a variance that is no square", () => {
    const wide = rational(2n * 10n ** 15n + 1n, 10n ** 15n);
    expect(goodnessOfFit(many(discreteGaussianOfVariance(wide, seededBits(4))), law(2))).toBeGreaterThan(level);
  });

  it("has its variance at a large sigma", () => {
    const sigma = 1e6;
    const values = many(discreteGaussian(sigma, seededBits(5)));
    const share = values.reduce((sum, value) => sum + (value / sigma) ** 2, 0) / count;
    // Its standard error is sqrt(2 / count) = 0.007.
    expect(Math.abs(share - 1)).toBeLessThan(0.035);
  });
});
