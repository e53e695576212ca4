import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { componentMapSchema, componentNameSchema, componentNames } from "./components.js";

describe("componentMapSchema", () => {
  it("takes every leaf, with NaN and infinities", () => {
    const leaf = fc.oneof(
      fc.string(),
      fc.double(),
      fc.constantFrom(Number.NaN, Infinity, -Infinity, -0, false, 0, ""),
      fc.boolean(),
      fc.constant(null),
    );
    fc.assert(
      fc.property(fc.dictionary(fc.string({ minLength: 1 }), leaf), (map) => {
        fc.pre(!Object.hasOwn(map, "__proto__"));
        expect(componentMapSchema.parse(map)).toEqual(map);
      }),
    );
  });

  it("refuses what is no leaf", () => {
    for (const value of [undefined, {}, [], 1n, () => 1]) {
      expect(componentMapSchema.safeParse({ path: value }).success).toBe(false);
    }
  });
});

describe("componentNameSchema", () => {
  it("takes the six and nothing else", () => {
    expect(componentNames.map((name) => componentNameSchema.parse(name))).toEqual([...componentNames]);
    expect(componentNameSchema.safeParse("weather").success).toBe(false);
  });
});
