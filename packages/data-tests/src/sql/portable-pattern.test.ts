import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { portablePattern } from "./portable-pattern.js";

const atom = fc.constantFrom("a", "\\d", "\\w", "\\s", "\\D", ".", "[a-c]", "[^\\d_]", "\\.", "(?:ab|b)", "é");
const pattern = fc
  .array(fc.tuple(atom, fc.constantFrom("", "*", "+", "?", "{1,2}")), { minLength: 1, maxLength: 5 })
  .map((parts) => parts.flat().join(""));
const subject = fc.string({ unit: fc.constantFrom("a", "b", "c", "1", "_", " ", ".", "é", "-"), maxLength: 8 });

describe("portable patterns", () => {
  it("mean what JavaScript means by them, where characters are ASCII or literal", () => {
    fc.assert(
      fc.property(pattern, subject, (written, text) => {
        expect(new RegExp(portablePattern(written), "u").test(text)).toBe(new RegExp(written, "u").test(text));
      }),
    );
  });

  it("writes classes out", () => {
    expect(portablePattern("^\\d+[\\w-]$")).toBe("^[0-9]+[A-Za-z0-9_-]$");
    expect(portablePattern("a.b")).toBe("a[^\\n]b");
  });
});
