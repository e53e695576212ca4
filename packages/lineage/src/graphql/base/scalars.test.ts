import { isDeepwrightError } from "@deepwright/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ScalarResolvers, scalarResolvers } from "./scalars.js";

const scalar = (name: string): ScalarResolvers => scalarResolvers[name] as ScalarResolvers;
/** What a client reads of what was serialized. */
const overTheWire = (value: unknown): unknown => JSON.parse(JSON.stringify(value) ?? "null");
const throughTheApi = (name: string, value: unknown): unknown =>
  scalar(name).parseValue(overTheWire(scalar(name).serialize(value)));

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return isDeepwrightError(error) ? error.code : "untyped";
  }
  return "none";
}

describe("scalars", () => {
  it("carry every double as a metric value, NaN, infinities and -0 too", () => {
    fc.assert(
      fc.property(fc.double(), (value) => {
        expect(Object.is(throughTheApi("MetricValue", value), value)).toBe(true);
      }),
    );
    expect(scalar("MetricValue").serialize(Number.NaN)).toBe("NaN");
  });

  it("tell the leaf NaN from the text NaN", () => {
    const leaf = fc.oneof(fc.string(), fc.double(), fc.boolean(), fc.constant(null));
    fc.assert(
      fc.property(leaf, (value) => {
        expect(Object.is(throughTheApi("Leaf", value), value)).toBe(true);
      }),
    );
    expect(throughTheApi("Leaf", "NaN")).toBe("NaN");
  });

  it("carry JSON of any shape", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(throughTheApi("JSON", value)).toEqual(value);
      }),
    );
    expect(throughTheApi("JSON", { loss: [Number.NaN] })).toEqual({ loss: [Number.NaN] });
  });

  it("carry moments to the millisecond", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e12 }), (time) => {
        expect(throughTheApi("DateTime", time)).toBe(time);
      }),
    );
    expect(scalar("DateTime").parseValue("2026-01-31T13:00:00+01:00")).toBe(Date.UTC(2026, 0, 31, 12));
  });

  it.each([
    ["DateTime", "yesterday"],
    ["DateTime", "2026-13-01"],
    ["DateTime", 5],
    ["Duration", -1],
    ["Duration", "1s"],
    ["Bytes", 1.5],
    ["Bytes", -1],
    ["MetricValue", "many"],
    ["MetricValue", "__proto__"],
    ["Leaf", { a: 1 }],
    ["Leaf", []],
  ])("refuse %s %j with a typed error", (name, value) => {
    expect(codeOf(() => scalar(name).parseValue(value))).toBe("INVALID_SCALAR");
  });
});
