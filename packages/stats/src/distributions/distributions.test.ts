import { isDeepwrightError, seededRng } from "@deepwright/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hasScipy, scipy } from "../testing/scipy.js";
import { beta } from "./beta.js";
import { binomial } from "./binomial.js";
import { chiSquare } from "./chi-square.js";
import type { ContinuousDistribution, Distribution } from "./distribution.js";
import { fDistribution } from "./f.js";
import { normal } from "./normal.js";
import { studentT } from "./student-t.js";

const relative = (got: number, expected: number): number =>
  Object.is(got, expected) || got === expected ? 0 : Math.abs(got - expected) / Math.max(Math.abs(expected), 1e-300);

/** Values from mpmath with 40 digits. */
describe("known values", () => {
  it("agrees with high-precision references", () => {
    expect(relative(normal().cdf(1), 0.8413447460685429)).toBeLessThan(1e-14);
    expect(relative(normal().survival(10), 7.619853024160525e-24)).toBeLessThan(1e-13);
    expect(relative(normal().quantile(1e-20), -9.262340089798407)).toBeLessThan(1e-14);
    expect(relative(studentT(3).quantile(0.975), 3.1824463052837095)).toBeLessThan(1e-13);
    expect(relative(chiSquare(1).quantile(0.95), 3.8414588206941245)).toBeLessThan(1e-13);
    expect(relative(binomial(10, 0.5).cdf(5), 638 / 1024)).toBeLessThan(1e-14);
    expect(relative(beta(2, 2).cdf(0.25), 0.15625)).toBeLessThan(1e-14);
    // t with one degree of freedom is Cauchy, F(2, 2) is x / (1 + x), chi-square(2) is exponential.
    expect(relative(studentT(1).cdf(2), 0.5 + Math.atan(2) / Math.PI)).toBeLessThan(1e-14);
    expect(relative(fDistribution(2, 2).cdf(3), 0.75)).toBeLessThan(1e-14);
    expect(relative(chiSquare(2).survival(50), Math.exp(-25))).toBeLessThan(1e-13);
  });

  it("keeps its limits", () => {
    expect(normal().cdf(Number.NEGATIVE_INFINITY)).toBe(0);
    expect(studentT(5).cdf(Number.POSITIVE_INFINITY)).toBe(1);
    expect(studentT(5).quantile(0)).toBe(Number.NEGATIVE_INFINITY);
    expect(studentT(Number.POSITIVE_INFINITY).cdf(1)).toBe(normal().cdf(1));
    expect(fDistribution(2, 3).cdf(Number.POSITIVE_INFINITY)).toBe(1);
    expect(chiSquare(3).quantile(1)).toBe(Number.POSITIVE_INFINITY);
    expect(beta(2, 3).quantile(1)).toBe(1);
    expect(binomial(0, 0.5).quantile(0.7)).toBe(0);
    expect(normal().cdf(Number.NaN)).toBeNaN();
    expect(studentT(2).survival(Number.NaN)).toBeNaN();
    expect(binomial(3, 0.5).cdf(Number.NaN)).toBeNaN();
  });

  it("refuses what is out of range with a typed error", () => {
    const refused = [
      () => studentT(0),
      () => normal(0, -1),
      () => normal(Number.NaN),
      () => normal().quantile(1.1),
      () => studentT(3).quantile(Number.NaN),
      () => beta(1, 0),
      () => binomial(1.5, 0.5),
      () => binomial(3, 2),
      () => chiSquare(Number.POSITIVE_INFINITY),
      () => fDistribution(1, Number.NaN),
    ];
    for (const call of refused) {
      expect(call).toThrowError(/Expected .* got/);
      try {
        call();
      } catch (error) {
        expect(isDeepwrightError(error) && error.code).toBe("INVALID_ARGUMENT");
      }
    }
  });
});

describe("properties", () => {
  const shape = fc.double({ min: 0.05, max: 500, noNaN: true });
  const continuous: fc.Arbitrary<ContinuousDistribution> = fc.oneof(
    fc.tuple(fc.double({ min: -100, max: 100, noNaN: true }), shape).map(([m, s]) => normal(m, s)),
    shape.map(studentT),
    shape.map(chiSquare),
    fc.tuple(shape, shape).map(([a, b]) => beta(a, b)),
    fc.tuple(shape, shape).map(([a, b]) => fDistribution(a, b)),
  );
  const probability = fc.double({ min: 1e-9, max: 1 - 1e-9, noNaN: true });

  const checkQuantile = (distribution: ContinuousDistribution, p: number): void => {
    const x = distribution.quantile(p);
    // Heavy tails have quantiles that no double holds.
    if (!Number.isFinite(x)) return;
    // Where the density overflows the floating grid, the neighbors of x must enclose p.
    const step = Math.max(Math.abs(x) * 1e-12, 1e-300);
    expect(distribution.cdf(x - step)).toBeLessThanOrEqual(p * (1 + 1e-9) + 1e-13);
    expect(distribution.cdf(x + step)).toBeGreaterThanOrEqual(p * (1 - 1e-9) - 1e-13);
  };

  it("the quantile undoes the cdf", () => {
    fc.assert(fc.property(continuous, probability, checkQuantile), { numRuns: 1000 });
  });

  it("the quantile ends where both sides of the mean are beyond it by rounding", () => {
    // Found by the property above: the incomplete beta function handed these from one side to the other without end.
    expect(fDistribution(0.050000000000000044, 0.05000000000000006).cdf(1)).toBeCloseTo(0.5, 14);
    for (const p of [1e-9, 0.25, 0.5, 1 - 1e-9]) {
      checkQuantile(fDistribution(0.050000000000000044, 0.05000000000000006), p);
      checkQuantile(fDistribution(0.05000000000000006, 0.050000000000000044), p);
    }
    const close = fc
      .tuple(shape, fc.integer({ min: -4, max: 4 }))
      .map(([a, ulps]) => [a, a * (1 + ulps * 2 ** -52)] as const);
    fc.assert(
      fc.property(close, ([a, b]) => {
        expect(beta(a, b).cdf(0.5)).toBeCloseTo(0.5, 11);
        expect(fDistribution(a, b).cdf(1)).toBeCloseTo(0.5, 11);
      }),
      { numRuns: 2000 },
    );
  });

  it("the cdf rises from 0 to 1 and the survival completes it", () => {
    const any: fc.Arbitrary<Distribution> = fc.oneof(
      continuous,
      fc.tuple(fc.nat(300), fc.double({ min: 0, max: 1, noNaN: true })).map(([n, p]) => binomial(n, p)),
    );
    const point = fc.double({ min: -1000, max: 1000, noNaN: true });
    fc.assert(
      fc.property(any, point, point, (distribution, first, second) => {
        const [low, high] = first < second ? [first, second] : [second, first];
        expect(distribution.cdf(low)).toBeGreaterThanOrEqual(0);
        expect(distribution.cdf(high)).toBeLessThanOrEqual(1);
        expect(distribution.cdf(low)).toBeLessThanOrEqual(distribution.cdf(high) + 1e-12);
        expect(distribution.cdf(low) + distribution.survival(low)).toBeCloseTo(1, 12);
      }),
      { numRuns: 500 },
    );
  });

  it("binomial masses sum to the cdf and its quantile is the least that reaches the probability", () => {
    fc.assert(
      fc.property(fc.nat(60), fc.double({ min: 0, max: 1, noNaN: true }), probability, (n, success, p) => {
        const distribution = binomial(n, success);
        let sum = 0;
        for (let k = 0; k <= n; k++) {
          sum += distribution.mass(k);
          expect(distribution.cdf(k)).toBeCloseTo(sum, 11);
        }
        const k = distribution.quantile(p);
        expect(distribution.cdf(k)).toBeGreaterThanOrEqual(p);
        if (k > 0) expect(distribution.cdf(k - 1)).toBeLessThan(p);
      }),
      { numRuns: 60 },
    );
  });
});

describe("against SciPy", () => {
  it.skipIf(!hasScipy)(`has 1e-9 relative precision${hasScipy ? "" : " (skipped: no python3 with scipy)"}`, () => {
    const rng = seededRng(11);
    const cases = Array.from({ length: 400 }, () => {
      const a = 0.3 + Math.exp(rng.normal() * 2);
      const b = 0.3 + Math.exp(rng.normal() * 2);
      return {
        a,
        b,
        x: Math.exp(rng.normal() * 1.5),
        u: rng.uniform(),
        p: 10 ** (-9 * rng.uniform()),
        n: rng.integer(400),
      };
    });
    const expected = scipy<readonly (readonly number[])[]>(
      `[[stats.t.sf(c["x"]*3, c["a"]), stats.t.ppf(c["p"], c["a"]), stats.chi2.cdf(c["x"], c["a"]), stats.chi2.sf(c["x"], c["a"]),
 stats.chi2.ppf(c["p"], c["a"]), stats.beta.cdf(c["u"], c["a"], c["b"]), stats.beta.ppf(c["p"], c["a"], c["b"]),
 stats.f.sf(c["x"], c["a"], c["b"]), stats.norm.sf(c["x"]), stats.norm.ppf(c["p"]),
 stats.binom.cdf(int(c["n"]*c["u"]), c["n"], c["p"]), stats.binom.ppf(c["u"], c["n"], c["p"])] for c in data]`,
      cases,
    );
    cases.forEach((c, index) => {
      const got = [
        studentT(c.a).survival(c.x * 3),
        studentT(c.a).quantile(c.p),
        chiSquare(c.a).cdf(c.x),
        chiSquare(c.a).survival(c.x),
        chiSquare(c.a).quantile(c.p),
        beta(c.a, c.b).cdf(c.u),
        beta(c.a, c.b).quantile(c.p),
        fDistribution(c.a, c.b).survival(c.x),
        normal().survival(c.x),
        normal().quantile(c.p),
        binomial(c.n, c.p).cdf(Math.trunc(c.n * c.u)),
        binomial(c.n, c.p).quantile(c.u),
      ];
      got.forEach((value, column) => {
        const reference = expected[index]?.[column] as number;
        // SciPy itself is off by up to 1e-9 for tiny quantiles; 1e-300 and below are all the same here.
        if (Math.abs(reference) > 1e-280) {
          expect(relative(value, reference), `case ${index} column ${column} ${JSON.stringify(c)}`).toBeLessThan(1e-9);
        }
      });
    });
  });
});
