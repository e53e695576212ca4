import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seededRng } from "./rng.js";

describe("seededRng", () => {
  it("repeats itself for a seed, and its forks do not depend on what was drawn", () => {
    fc.assert(
      fc.property(fc.integer(), fc.string(), (seed, label) => {
        const [a, b] = [seededRng(seed), seededRng(seed)];
        expect(a.uniform()).toBe(b.uniform());
        a.normal();
        expect(a.fork(label).integer(2 ** 32)).toBe(b.fork(label).integer(2 ** 32));
      }),
    );
  });

  it("shuffles into a permutation and draws integers below their bound", () => {
    fc.assert(
      fc.property(fc.integer(), fc.array(fc.integer()), fc.integer({ min: 1, max: 2 ** 32 }), (seed, items, bound) => {
        const rng = seededRng(seed);
        expect([...rng.shuffle([...items])].sort()).toEqual([...items].sort());
        const draw = rng.integer(bound);
        expect(draw).toBeGreaterThanOrEqual(0);
        expect(draw).toBeLessThan(bound);
      }),
    );
  });

  it("has the moments of the uniform and the normal distribution", () => {
    const rng = seededRng(1);
    const count = 200_000;
    let uniform = 0;
    let normal = 0;
    let square = 0;
    for (let draw = 0; draw < count; draw++) {
      uniform += rng.uniform();
      const z = rng.normal();
      normal += z;
      square += z * z;
    }
    // Six standard errors.
    expect(Math.abs(uniform / count - 0.5)).toBeLessThan(6 * Math.sqrt(1 / 12 / count));
    expect(Math.abs(normal / count)).toBeLessThan(6 / Math.sqrt(count));
    expect(Math.abs(square / count - 1)).toBeLessThan(6 * Math.sqrt(2 / count));
  });
});
