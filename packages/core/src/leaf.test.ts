import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson, flatten, joinPath, parseJson, refuseNul, splitPath, stringifyJson } from "./leaf.js";

const leaf = fc.oneof(fc.string(), fc.double(), fc.boolean(), fc.constant(null));
const json = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 3 }, leaf, fc.array(tie("value")), fc.dictionary(fc.string(), tie("value"))),
})).value;

describe("stringifyJson and parseJson", () => {
  it("keep every number, NaN, infinities and -0 among them", () => {
    fc.assert(
      fc.property(fc.array(fc.double()), (values) => {
        expect(parseJson(stringifyJson(values))).toEqual(values);
      }),
    );
    expect(Object.is(parseJson(stringifyJson(-0)), -0)).toBe(true);
  });
});

describe("canonicalJson", () => {
  it("does not depend on the order of keys", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), leaf), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).reverse());
        expect(canonicalJson(reversed)).toBe(canonicalJson(value));
      }),
    );
  });
});

describe("joinPath and splitPath", () => {
  it("are inverse for any segments", () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1 }), (segments) => {
        expect(splitPath(joinPath(...segments))).toEqual(segments);
      }),
    );
  });
});

describe("flatten", () => {
  it("keeps false, 0, empty text, empty lists and null as values", () => {
    const flat = flatten({ a: { b: false, c: 0, d: "" }, e: [], f: null, g: {}, h: [Number.NaN] });
    expect(flat).toEqual({ "a/b": false, "a/c": 0, "a/d": "", e: "[]", f: null, g: "{}", "h/0": Number.NaN });
  });

  it("gives one path a leaf: no two leaves share one", () => {
    const count = (value: unknown): number => {
      if (typeof value !== "object" || value === null) return 1;
      const children = Object.values(value);
      return children.length === 0 ? 1 : children.reduce<number>((sum, child) => sum + count(child), 0);
    };
    fc.assert(
      fc.property(fc.dictionary(fc.string({ minLength: 1 }), json, { minKeys: 1 }), (value) => {
        expect(Object.keys(flatten(value))).toHaveLength(count(value));
      }),
    );
  });
});

describe("refuseNul", () => {
  it("refuses text that Postgres can't hold", () => {
    expect(() => refuseNul("a\0b", "a name")).toThrow(expect.objectContaining({ code: "TEXT_WITH_NUL" }));
    expect(refuseNul("ab", "a name")).toBe("ab");
  });
});
