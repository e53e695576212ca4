import { normal } from "@deepwright/stats";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hasDpAccounting, runPython } from "../testing/python.js";
import { deltaOf, epsilonOf } from "./accountant.js";
import type { PrivacyEvent } from "./event.js";
import { calibrateGaussian } from "./gaussian-calibration.js";
import { renyiDivergences, renyiOrders } from "./renyi.js";

const gaussian = (noiseMultiplier: number): PrivacyEvent => ({ kind: "gaussian", noiseMultiplier });
const repeated = (times: number, event: PrivacyEvent): PrivacyEvent => ({ kind: "repeated", times, event });
const sampled = (probability: number, event: PrivacyEvent): PrivacyEvent => ({
  kind: "poisson-sampled",
  probability,
  event,
});
const skip = hasDpAccounting ? "" : " (skipped: no python3 with dp_accounting)";

/** Delta of one Gaussian mechanism in the textbook form. */
function gaussianDelta(noise: number, epsilon: number): number {
  const z = normal();
  return z.cdf(1 / (2 * noise) - epsilon * noise) - Math.exp(epsilon) * z.cdf(-1 / (2 * noise) - epsilon * noise);
}

describe("epsilonOf", () => {
  it("is never below the truth and at most 0.5 % above, for compositions whose truth is known", () => {
    const cases = fc.record({
      noise: fc.double({ min: 0.5, max: 20, noNaN: true }),
      times: fc.integer({ min: 1, max: 5000 }),
      delta: fc.constantFrom(1e-3, 1e-5, 1e-8),
    });
    fc.assert(
      fc.property(cases, ({ noise, times, delta }) => {
        const epsilon = epsilonOf(repeated(times, gaussian(noise)), { delta });
        // Gaussian mechanisms compose to one with the noise over the root of their number.
        const joint = noise / Math.sqrt(times);
        fc.pre(epsilon > 1e-3 && epsilon < 500);
        expect(gaussianDelta(joint, epsilon)).toBeLessThanOrEqual(delta * (1 + 1e-6));
        expect(gaussianDelta(joint, epsilon / 1.005)).toBeGreaterThan(delta);
      }),
      { numRuns: 60 },
    );
  }, 60_000);

  it("is exact for pure mechanisms at a small delta, and adds up to no more than the sum", () => {
    const laplace: PrivacyEvent = { kind: "laplace", noiseMultiplier: 2 };
    const one = epsilonOf(laplace, { delta: 1e-12 });
    expect(one).toBeLessThanOrEqual(0.5 + 1e-9);
    expect(one).toBeGreaterThan(0.499);
    const ten = epsilonOf(repeated(10, laplace), { delta: 1e-6 });
    expect(ten).toBeLessThan(5);
    const discrete: PrivacyEvent = { kind: "discrete-laplace", scale: 2, sensitivity: 1 };
    expect(epsilonOf(discrete, { delta: 1e-12 })).toBeGreaterThan(0.499);
    expect(epsilonOf(discrete, { delta: 1e-12 })).toBeLessThanOrEqual(0.5 + 1e-9);
  });

  it("costs more where a person is replaced: as with half the noise", () => {
    const options = { delta: 1e-6, neighbors: "replace-one" } as const;
    expect(epsilonOf(gaussian(4), options)).toBeCloseTo(epsilonOf(gaussian(2), { delta: 1e-6 }), 9);
    for (const accountant of ["pld", "rdp"] as const) {
      const replaced = epsilonOf(gaussian(4), { ...options, accountant });
      expect(replaced).toBeGreaterThan(1.9 * epsilonOf(gaussian(4), { delta: 1e-6, accountant }));
    }
    const batches = repeated(100, sampled(0.05, gaussian(2)));
    expect(epsilonOf(batches, options)).toBeGreaterThan(1.5 * epsilonOf(batches, { delta: 1e-6 }));
  });

  it("grows with use and with smaller delta, and shrinks with noise; RDP is never below", () => {
    const cases = fc.record({
      noise: fc.double({ min: 0.6, max: 4, noNaN: true }),
      probability: fc.double({ min: 0.001, max: 0.3, noNaN: true }),
      times: fc.integer({ min: 1, max: 500 }),
    });
    fc.assert(
      fc.property(cases, ({ noise, probability, times }) => {
        const event = (scale: number, uses: number): PrivacyEvent =>
          repeated(uses, sampled(probability, gaussian(scale)));
        const base = epsilonOf(event(noise, times), { delta: 1e-5 });
        expect(epsilonOf(event(noise, 2 * times), { delta: 1e-5 })).toBeGreaterThanOrEqual(base * 0.999);
        expect(epsilonOf(event(noise, times), { delta: 1e-7 })).toBeGreaterThanOrEqual(base * 0.999);
        expect(epsilonOf(event(noise * 1.2, times), { delta: 1e-5 })).toBeLessThanOrEqual(base * 1.001);
        expect(epsilonOf(event(noise, times), { delta: 1e-5, accountant: "rdp" })).toBeGreaterThanOrEqual(base * 0.998);
      }),
      { numRuns: 30 },
    );
  }, 60_000);

  it("agrees with its own delta", () => {
    const event = repeated(300, sampled(0.02, gaussian(1)));
    for (const delta of [1e-3, 1e-5, 1e-9]) {
      const epsilon = epsilonOf(event, { delta });
      expect(deltaOf(event, { epsilon }) / delta).toBeGreaterThan(0.98);
      expect(deltaOf(event, { epsilon }) / delta).toBeLessThan(1.02);
    }
  });

  it("sees a sample of everybody as no sample, and nothing done as free", () => {
    expect(epsilonOf(sampled(1, gaussian(1)), { delta: 1e-5 })).toBe(epsilonOf(gaussian(1), { delta: 1e-5 }));
    expect(epsilonOf({ kind: "composed", events: [] }, { delta: 1e-5 })).toBe(0);
    expect(epsilonOf(repeated(0, gaussian(1)), { delta: 1e-5 })).toBe(0);
  });

  it("composes different mechanisms", () => {
    const parts: PrivacyEvent[] = [gaussian(3), { kind: "laplace", noiseMultiplier: 5 }, sampled(0.1, gaussian(1))];
    const all = epsilonOf({ kind: "composed", events: parts }, { delta: 1e-5 });
    for (const part of parts) expect(all).toBeGreaterThan(epsilonOf(part, { delta: 1e-5 }));
    const apart = parts.reduce((sum, part) => sum + epsilonOf(part, { delta: 1e-5 / 3 }), 0);
    expect(all).toBeLessThan(apart);
  });

  it.each([
    [{ kind: "fixed-batch", batchSize: 10, sourceSize: 100, event: gaussian(1) }, "replace-one neighbors"],
    [{ kind: "zero-concentrated", rho: 0.1 }, "whose privacy loss distribution is known"],
    [sampled(0.1, { kind: "epsilon-delta", epsilon: 1, delta: 0 }), "inside the sampling"],
  ] as const)("refuses %j by name", (event, expected) => {
    expect(() => epsilonOf(event, { delta: 1e-5 })).toThrow(expected);
  });

  it.each([0, 1, -0.1, 1e-20, Number.NaN])("refuses delta %d", (delta) => {
    expect(() => epsilonOf(gaussian(1), { delta })).toThrow("delta to be");
  });

  it.skipIf(!hasDpAccounting)(
    `is within 1 % of Google's dp_accounting${skip}`,
    () => {
      const settings = [0.001, 0.01, 0.1].flatMap((q) =>
        [0.7, 1, 2].flatMap((noise) => [1, 100, 3000].map((times) => ({ q, noise, times, delta: 1e-5 }))),
      );
      const theirs = runPython<number[]>(
        `import dp_accounting as d
result = []
for s in data:
    a = d.pld.PLDAccountant()
    a.compose(d.SelfComposedDpEvent(d.PoissonSampledDpEvent(s["q"], d.GaussianDpEvent(s["noise"])), s["times"]))
    result.append(a.get_epsilon(s["delta"]))`,
        settings,
      );
      settings.forEach(({ q, noise, times, delta }, index) => {
        const ours = epsilonOf(repeated(times, sampled(q, gaussian(noise))), { delta });
        expect(ours / (theirs[index] as number)).toBeGreaterThan(0.99);
        expect(ours / (theirs[index] as number)).toBeLessThan(1.01);
      });
    },
    240_000,
  );
});

describe("Rényi divergences", () => {
  const settings = [0.001, 0.05, 0.4].flatMap((q) => [0.6, 1, 5].map((noise) => ({ q, noise })));
  const ours = ({ q, noise }: { q: number; noise: number }): readonly number[] =>
    renyiDivergences(sampled(q, gaussian(noise)), "add-or-remove-one");

  it.skipIf(!hasDpAccounting)(
    `agree with Google's dp_accounting to 1e-9 at whole orders${skip}`,
    () => {
      const orders = renyiOrders.filter(Number.isInteger);
      const theirs = runPython<number[][]>(
        `from dp_accounting.rdp import rdp_privacy_accountant as r
result = [[float(x) for x in r._compute_rdp_poisson_subsampled_gaussian(s["q"], s["noise"], data["orders"])] for s in data["settings"]]`,
        { settings, orders },
      );
      settings.forEach((setting, row) => {
        const mine = ours(setting).filter((_, index) => Number.isInteger(renyiOrders[index]));
        mine.forEach((value, column) => {
          const other = theirs[row]?.[column] as number;
          expect(Math.abs(value - other)).toBeLessThanOrEqual(1e-9 * Math.max(1, other));
        });
      });
    },
    120_000,
  );

  it.skipIf(!hasDpAccounting)(
    `agree with 30 digits of the integral at broken orders${skip}`,
    () => {
      const orders = [1.1, 1.5, 2.5, 4.7, 10.9];
      const theirs = runPython<number[][]>(
        `import mpmath as mp
mp.mp.dps = 30
def divergence(q, s, a):
    q, s, a = mp.mpf(q), mp.mpf(s), mp.mpf(a)
    f = lambda x: mp.npdf(x, 0, s) * ((1 - q) + q * mp.exp((2 * x - 1) / (2 * s * s))) ** a
    points = [-20 * s, -10 * s, -4 * s, 0] + [a * k / 4 for k in range(1, 5)] + [a + 4 * s, a + 10 * s, a + 20 * s]
    return float(mp.log(mp.quad(f, points)) / (a - 1))
result = [[divergence(s["q"], s["noise"], a) for a in data["orders"]] for s in data["settings"]]`,
        { settings, orders },
      );
      settings.forEach((setting, row) => {
        orders.forEach((order, column) => {
          const mine = ours(setting)[renyiOrders.findIndex((known) => Math.abs(known - order) < 1e-9)] as number;
          const other = theirs[row]?.[column] as number;
          expect(Math.abs(mine - other)).toBeLessThanOrEqual(1e-11 * Math.max(1e-3, other));
        });
      });
    },
    120_000,
  );
});

describe("calibrateGaussian", () => {
  it("gives the least noise: its delta is met, and missed with a hair less", () => {
    const cases = fc.record({
      epsilon: fc.double({ min: 0.01, max: 20, noNaN: true }),
      delta: fc.constantFrom(0.1, 1e-3, 1e-6, 1e-12),
      sensitivity: fc.double({ min: 0.1, max: 1000, noNaN: true }),
    });
    fc.assert(
      fc.property(cases, ({ epsilon, delta, sensitivity }) => {
        const noise = calibrateGaussian({ epsilon, delta, sensitivity }) / sensitivity;
        expect(deltaOf(gaussian(noise * 1.003), { epsilon })).toBeLessThanOrEqual(delta * 1.02);
        expect(deltaOf(gaussian(noise * 0.99), { epsilon })).toBeGreaterThan(delta);
      }),
      { numRuns: 40 },
    );
  }, 60_000);

  it.skipIf(!hasDpAccounting)(
    `has 12 right digits${skip}`,
    () => {
      const settings = [0.01, 0.1, 1, 8].flatMap((epsilon) => [1e-3, 1e-5, 1e-10].map((delta) => ({ epsilon, delta })));
      const theirs = runPython<number[]>(
        `import mpmath as mp
mp.mp.dps = 40
def sigma(e, d):
    f = lambda s: mp.ncdf(1 / (2 * s) - e * s) - mp.exp(e) * mp.ncdf(-1 / (2 * s) - e * s) - d
    lo, hi = mp.mpf("0.01"), mp.mpf(10000)
    for _ in range(120):
        m = (lo + hi) / 2
        lo, hi = (m, hi) if f(m) > 0 else (lo, m)
    return float(hi)
result = [sigma(mp.mpf(s["epsilon"]), mp.mpf(s["delta"])) for s in data]`,
        settings,
      );
      settings.forEach((setting, index) => {
        expect(Math.abs(calibrateGaussian(setting) / (theirs[index] as number) - 1)).toBeLessThan(1e-12);
      });
    },
    120_000,
  );

  it.each([
    { epsilon: 0, delta: 0.1 },
    { epsilon: 1, delta: 0 },
    { epsilon: 1, delta: 1 },
    { epsilon: 1, delta: 0.1, sensitivity: -1 },
  ])("refuses %j", (options) => {
    expect(() => calibrateGaussian(options)).toThrow("to be");
  });
});
