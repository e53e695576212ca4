import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DeepwrightError } from "./errors.js";
import {
  canonicalJson,
  escapeSegment,
  flatten,
  type JsonValue,
  joinPath,
  parseJson,
  refuseNul,
  sha256,
  splitPath,
  stringifyJson,
  unescapeSegment,
} from "./leaf.js";

const specialNumbers = fc.constantFrom(Number.NaN, Infinity, -Infinity, -0, 0, 1, 1e308, 5e-324);
const keys = fc.oneof(fc.string(), fc.constantFrom("$number", "$$number", "$$$number", "__proto__", "constructor", ""));
const leaves = fc.oneof(fc.string(), fc.double(), specialNumbers, fc.boolean(), fc.constant(null));
const { json } = fc.letrec<{ json: JsonValue }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    leaves,
    fc.array(tie("json"), { maxLength: 4 }),
    // Object.fromEntries makes `__proto__` a property like any other.
    fc.array(fc.tuple(keys, tie("json")), { maxLength: 4 }).map((entries) => Object.fromEntries(entries)),
  ),
}));

describe("stringifyJson and parseJson", () => {
  it("give back every value, with NaN, infinities, -0 and objects that look like encoded numbers", () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(isDeepStrictEqual(parseJson(stringifyJson(value)), value)).toBe(true);
      }),
    );
  });

  it("keep an object of the caller apart from the number that it looks like", () => {
    for (const value of [
      { $number: "NaN" },
      { $$number: "NaN" },
      { $number: 1 },
      { $number: { $number: Number.NaN } },
    ]) {
      expect(parseJson(stringifyJson(value))).toStrictEqual(value);
    }
    expect(stringifyJson([Number.NaN, -0])).toBe('[{"$number":"NaN"},{"$number":"-0"}]');
  });

  it("leave what JSON.stringify can hold as it is", () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        if (stringifyJson(value).includes("$number")) return;
        expect(stringifyJson(value)).toBe(JSON.stringify(value));
      }),
    );
  });
});

describe("canonicalJson", () => {
  const reversed = (value: JsonValue): JsonValue => {
    if (Array.isArray(value)) return value.map(reversed);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .reverse()
        .map(([key, entry]) => [key, reversed(entry)]),
    );
  };

  it("gives equal text for equal values, whatever the order of their keys", () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(canonicalJson(reversed(value))).toBe(canonicalJson(value));
      }),
    );
  });

  it("gives different text for different values", () => {
    fc.assert(
      fc.property(json, json, (a, b) => {
        fc.pre(stringifyJson(a) !== stringifyJson(b));
        // Reading both back tells whether they differ in more than the order of keys.
        const isEqual = canonicalJson(parseJson(stringifyJson(a))) === canonicalJson(parseJson(stringifyJson(b)));
        expect(canonicalJson(a) === canonicalJson(b)).toBe(isEqual);
      }),
    );
    expect(canonicalJson({ a: 0 })).not.toBe(canonicalJson({ a: -0 }));
    expect(canonicalJson({ a: false })).not.toBe(canonicalJson({ a: null }));
  });

  it("loses nothing", () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(isDeepStrictEqual(parseJson(canonicalJson(value)), value)).toBe(true);
      }),
    );
  });

  it("writes dates as JSON does and leaves out undefined properties", () => {
    expect(canonicalJson({ b: undefined, a: new Date(0) })).toBe('{"a":"1970-01-01T00:00:00.000Z"}');
  });

  it("refuses what JSON can't hold", () => {
    const cycle: unknown[] = [];
    cycle.push({ cycle });
    for (const value of [undefined, [undefined], () => 1, { a: Symbol("a") }, 1n, cycle, new Array(2)]) {
      expect(() => canonicalJson(value)).toThrow(expect.objectContaining({ code: "NOT_JSON" }));
    }
  });

  it("takes a value that stands in two places", () => {
    const shared = { x: 1 };
    expect(canonicalJson([shared, shared])).toBe('[{"x":1},{"x":1}]');
  });
});

describe("paths", () => {
  it("split into what they were joined from", () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.string(), fc.constantFrom("~1", "~0", "a/b", "~", "/")), { minLength: 1 }),
        (segments) => {
          expect(splitPath(joinPath(...segments))).toEqual(segments);
        },
      ),
    );
  });

  it("escape as RFC 6901 says", () => {
    expect(escapeSegment("a/b~c")).toBe("a~1b~0c");
    expect(unescapeSegment("~01")).toBe("~1");
  });
});

describe("flatten", () => {
  it("keeps false, 0, the empty text and NaN", () => {
    expect(flatten({ a: false, b: 0, c: "", d: Number.NaN, e: null })).toStrictEqual({
      a: false,
      b: 0,
      c: "",
      d: Number.NaN,
      e: null,
    });
  });

  it("keeps empty lists and objects apart from missing ones", () => {
    expect(flatten({ a: [], b: {}, c: undefined })).toStrictEqual({ a: "[]", b: "{}" });
    expect(flatten({})).toStrictEqual({});
  });

  it("leads from every path back to its value", () => {
    const valueAt = (value: JsonValue, path: string): unknown =>
      splitPath(path).reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], value);
    const branches = json.filter((value) => typeof value === "object" && value !== null);
    fc.assert(
      fc.property(branches, (value) => {
        for (const [path, leaf] of Object.entries(flatten(value))) {
          const found = valueAt(value, path);
          const isEmpty = typeof found === "object" && found !== null;
          expect(leaf).toBe(isEmpty ? (Array.isArray(found) ? "[]" : "{}") : found);
        }
      }),
    );
  });

  it("gives as many leaves as the value has, also with empty keys", () => {
    const countLeaves = (value: JsonValue): number => {
      if (typeof value !== "object" || value === null) return 1;
      const entries: JsonValue[] = Object.values(value);
      return entries.length === 0 ? 1 : entries.reduce((sum: number, entry) => sum + countLeaves(entry), 0);
    };
    fc.assert(
      fc.property(fc.array(json, { minLength: 1 }), (value) => {
        expect(Object.keys(flatten(value))).toHaveLength(countLeaves(value));
      }),
    );
    expect(flatten({ "": { a: 1 }, a: 2 })).toStrictEqual({ "/a": 1, a: 2 });
  });

  it("puts the prefix in front", () => {
    expect(flatten({ a: [1] }, "api")).toStrictEqual({ "api/a/0": 1 });
    expect(flatten(5, "api")).toStrictEqual({ api: 5 });
  });

  it("writes dates and bigints as text", () => {
    expect(flatten({ day: new Date(0), none: new Date(Number.NaN), big: 2n ** 64n })).toStrictEqual({
      day: "1970-01-01T00:00:00.000Z",
      none: "Invalid Date",
      big: "18446744073709551616",
    });
  });

  it("refuses a value that holds itself", () => {
    const cycle: Record<string, unknown> = {};
    cycle.self = { cycle };
    expect(() => flatten(cycle)).toThrow(expect.objectContaining({ code: "NOT_JSON" }));
  });
});

describe("sha256", () => {
  it("gives the published digest of the empty message and of `abc` (FIPS 180-4)", () => {
    expect(sha256("")).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    expect(sha256("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    expect(sha256(new TextEncoder().encode("ü"))).toBe(sha256("ü"));
  });
});

describe("refuseNul", () => {
  it("gives text without NUL back and refuses the rest, naming what it is", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        if (text.includes("\0")) expect(() => refuseNul(text, "a name")).toThrow(DeepwrightError);
        else expect(refuseNul(text, "a name")).toBe(text);
      }),
    );
    expect(() => refuseNul("a\0b", "a name")).toThrow('Expected a name without a NUL byte, got "a\\u0000b".');
  });
});
