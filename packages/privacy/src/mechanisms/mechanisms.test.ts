import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { goodnessOfFit } from "../testing/goodness.js";
import { seededBits } from "../testing/seeded-bits.js";
import { gaussianMechanism } from "./gaussian.js";
import { laplaceMechanism } from "./laplace.js";
import { exponentialMechanism, permuteAndFlip } from "./select.js";
import { sparseVector } from "./sparse-vector.js";
import { keyThreshold, thresholdKeys } from "./threshold-keys.js";

const level = 1e-6;

describe("laplaceMechanism and gaussianMechanism", () => {
  it("stay within their error bound as often as they say, and not by much more", () => {
    const bits = seededBits(1);
    for (const mechanism of [
      laplaceMechanism({ epsilon: 0.5, sensitivity: 1, bits }),
      laplaceMechanism({ epsilon: 0.3, sensitivity: 7, bits }),
      gaussianMechanism({ sigma: 12.5, sensitivity: 1, bits }),
    ]) {
      const bound = mechanism.errorBound(0.9);
      let [within, closer] = [0, 0];
      for (let k = 0; k < 20_000; k++) {
        const error = Math.abs(Number(mechanism.release(1000n)) - 1000);
        if (error <= bound) within += 1;
        if (error < bound) closer += 1;
      }
      expect(within / 20_000).toBeGreaterThan(0.89);
      expect(closer / 20_000).toBeLessThan(0.91);
    }
  });

  it("shift nothing and say what they cost", () => {
    const mechanism = laplaceMechanism({ epsilon: 0.1, sensitivity: 3 });
    expect(mechanism.event).toEqual({ kind: "discrete-laplace", scale: 30, sensitivity: 3 });
    const far = 10n ** 30n;
    expect(Number(mechanism.release(far) - far)).toBeLessThan(30 * 100);
  });

  it.each([
    [{ epsilon: 0, sensitivity: 1 }, "epsilon"],
    [{ epsilon: -1, sensitivity: 1 }, "epsilon"],
    [{ epsilon: Number.NaN, sensitivity: 1 }, "epsilon"],
    [{ epsilon: 1, sensitivity: 0 }, "sensitivity"],
    [{ epsilon: 1, sensitivity: 1.5 }, "sensitivity"],
  ])("refuse %j", (options, name) => {
    expect(() => laplaceMechanism(options)).toThrow(`${name} to be`);
  });
});

describe("selection", () => {
  const scores = [3, 5, 4.5, 0];

  it("by the exponential mechanism follows its law", () => {
    const options = { epsilon: 1, sensitivity: 1, bits: seededBits(2) };
    const draws = Array.from({ length: 20_000 }, () => exponentialMechanism(scores, options));
    const weights = scores.map((score) => Math.exp(score / 2));
    const total = weights.reduce((a, b) => a + b);
    expect(goodnessOfFit(draws, (x) => (weights[x] ?? 0) / total)).toBeGreaterThan(level);
  });

  it("by permute-and-flip follows its law", () => {
    const options = { epsilon: 1, sensitivity: 1, monotonic: true, bits: seededBits(3) };
    const draws = Array.from({ length: 20_000 }, () => permuteAndFlip(scores, options));
    // P(i first accepted): accept_i times the mean, over all orders, of the chance that nobody before was accepted.
    const accept = scores.map((score) => Math.exp(score - 5));
    const law = (x: number): number => {
      const others = accept.filter((_, index) => index !== x);
      let sum = 0;
      for (let set = 0; set < 8; set++) {
        const before = others.filter((_, bit) => set & (1 << bit));
        const orders = [6, 2, 2, 6][before.length] as number;
        sum += (orders / 24) * before.reduce((left, p) => left * (1 - p), 1);
      }
      return x in accept ? sum * (accept[x] as number) : 0;
    };
    expect(goodnessOfFit(draws, law)).toBeGreaterThan(level);
  });

  it("keeps to its epsilon: neighboring scores change no probability by more than its exponential", () => {
    const few = { epsilon: 0.8, sensitivity: 1 };
    const shares = (values: readonly number[], seed: number): number[] => {
      const options = { ...few, bits: seededBits(seed) };
      const counts = [0, 0, 0];
      for (let k = 0; k < 30_000; k++) {
        const index = permuteAndFlip(values, options);
        counts[index] = (counts[index] as number) + 1;
      }
      return counts.map((count) => count / 30_000);
    };
    const [before, after] = [shares([2, 3, 1], 4), shares([3, 2, 2], 5)];
    before.forEach((share, index) => {
      const other = after[index] as number;
      expect(Math.abs(Math.log(share / other))).toBeLessThan(0.8 + 0.1);
    });
  });

  it("refuses no scores and scores that are none", () => {
    expect(() => permuteAndFlip([], { epsilon: 1, sensitivity: 1 })).toThrow("at least one score");
    expect(() => exponentialMechanism([Number.NaN], { epsilon: 1, sensitivity: 1 })).toThrow("score to be");
  });
});

describe("sparseVector", () => {
  it("finds values far above the threshold and none far below, and stops at its number", () => {
    const vector = sparseVector({
      epsilon: 1,
      sensitivity: 1,
      threshold: 1000n,
      maximumPositives: 2,
      bits: seededBits(6),
    });
    expect([0n, 2000n, 10n, 3000n].map((value) => vector.isAbove(value))).toEqual([false, true, false, true]);
    expect(vector.remaining).toBe(0);
    expect(() => vector.isAbove(0n)).toThrow("at most 2 values above the threshold");
  });
});

describe("thresholdKeys", () => {
  it("shows keys of many and, of keys of one person, at most delta", () => {
    const options = { epsilon: 1, delta: 0.01, keysPerPerson: 1, bits: seededBits(7) };
    let shown = 0;
    for (let round = 0; round < 20_000; round++) {
      const { counts } = thresholdKeys(
        new Map([
          ["many", 500n],
          ["one", 1n],
        ]),
        options,
      );
      expect(counts.has("many")).toBe(true);
      if (counts.has("one")) shown += 1;
    }
    expect(shown / 20_000).toBeLessThan(0.01);
    // Not far below either: the threshold is no larger than it must be by more than one.
    expect(shown / 20_000).toBeGreaterThan(0.01 / Math.E ** 2 / 1.5);
  });

  it("asks for more where more keys or a smaller delta are in play", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.double({ min: 1e-12, max: 0.1, noNaN: true }), (keys, delta) => {
        const base = keyThreshold({ epsilon: 0.5, delta, keysPerPerson: keys });
        expect(keyThreshold({ epsilon: 0.5, delta, keysPerPerson: keys + 1 })).toBeGreaterThanOrEqual(base);
        expect(keyThreshold({ epsilon: 0.5, delta: delta / 2, keysPerPerson: keys })).toBeGreaterThanOrEqual(base);
      }),
    );
  });
});
