import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseShare, parseWhole } from "./parse-options.js";
import { parsePairs } from "./parse-pairs.js";
import { cutText, renderTable } from "./render-table.js";

describe("options", () => {
  it("takes whole numbers within the bounds and nothing else", () => {
    fc.assert(
      fc.property(fc.double(), (value) => {
        const text = String(value);
        if (Number.isInteger(value) && value >= 1 && value <= 256)
          expect(parseWhole("--jobs", text, 1, 256)).toBe(value);
        else expect(() => parseWhole("--jobs", text, 1, 256)).toThrow("--jobs as a whole number from 1 to 256");
        if (value > 0 && value < 1) expect(parseShare("--error-rate", text)).toBe(value);
        else expect(() => parseShare("--error-rate", text)).toThrow("above 0 and below 1");
      }),
    );
    for (const text of ["", " ", "x", "1x"]) expect(() => parseWhole("--jobs", text, 0, 256)).toThrow("--jobs");
  });

  it("splits a tag at its first equals sign", () => {
    const key = fc
      .string({ minLength: 1 })
      .filter((text) => !text.includes("=") && text.trim() !== "" && text !== "__proto__");
    fc.assert(
      fc.property(key, fc.string(), (name, value) => {
        expect(Object.entries(parsePairs([`${name}=${value}`]))).toEqual([[name, value]]);
      }),
    );
    expect(() => parsePairs(["=x"])).toThrow("a tag such as team=risk");
  });
});

describe("renderTable", () => {
  it("has one line a row, none wider than asked for", () => {
    const cell = fc.string({ unit: "grapheme-ascii", maxLength: 30 });
    const rows = fc.array(fc.tuple(cell, cell, cell), { maxLength: 10 });
    fc.assert(
      fc.property(rows, fc.integer({ min: 5, max: 120 }), (table, width) => {
        const lines = renderTable(["A", "B", "C"], table, width).split("\n");
        expect(lines).toHaveLength(table.length + 1);
        for (const line of lines) expect([...line].length).toBeLessThanOrEqual(width);
      }),
    );
    expect(cutText("😀😀😀", 2)).toBe("😀…");
  });
});
