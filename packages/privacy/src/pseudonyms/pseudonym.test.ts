import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pseudonymizer } from "./pseudonym.js";

const secret = Buffer.alloc(32, 7);

describe("pseudonymizer", () => {
  it("gives one name to one identifier within a purpose, and another in every other purpose", () => {
    const [study, again] = [pseudonymizer({ secret, purpose: "a" }), pseudonymizer({ secret, purpose: "a" })];
    const other = pseudonymizer({ secret, purpose: "b" });
    const foreign = pseudonymizer({ secret: Buffer.alloc(32, 8), purpose: "a" });
    fc.assert(
      fc.property(fc.string(), fc.string(), (x, y) => {
        expect(study(x)).toBe(again(x));
        expect(study(x) === study(y)).toBe(x === y);
        expect(study(x)).toMatch(/^[\w-]{22}$/);
        expect(new Set([study(x), other(x), foreign(x)]).size).toBe(3);
      }),
    );
  });

  it("refuses a short secret", () => {
    expect(() => pseudonymizer({ secret: Buffer.alloc(16), purpose: "a" })).toThrow("at least 32 bytes");
  });
});
