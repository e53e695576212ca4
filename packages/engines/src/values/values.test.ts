import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decimalCell } from "./decimals.js";
import { parseIsoDate, parseIsoTimestamp } from "./parse-times.js";
import { recordMaker, uniqueNames } from "./records.js";
import { isoDate, isoDuration, isoTimestamp, isoTimestampFromNanos } from "./times.js";

describe("timestamps", () => {
  it("agree with Date where Date can hold them", () => {
    fc.assert(
      fc.property(fc.date({ noInvalidDate: true }), (date) => {
        expect(isoTimestamp(BigInt(date.getTime()) * 1000n)).toBe(date.toISOString());
      }),
    );
  });

  it("are read back to the nanosecond", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n) + 1n, max: 2n ** 63n - 1n }), (nanos) => {
        expect(parseIsoTimestamp(isoTimestampFromNanos(nanos))).toBe(nanos);
      }),
    );
  });

  it("have dates that are read back over all years of a database", () => {
    fc.assert(
      fc.property(fc.integer({ min: -2_440_000, max: 100_000_000 }), (days) => {
        expect(parseIsoDate(isoDate(days))).toBe(days);
      }),
    );
  });
});

describe("durations", () => {
  it.each([
    [0, 0, 0n, "PT0S"],
    [14, 3, 90_000_000_000n, "P1Y2M3DT25H"],
    [-14, 0, -1_500_000n, "P-1Y-2MT-1.5S"],
    [0, 0, -60_000_000n, "PT-1M"],
    [0, 0, 1n, "PT0.000001S"],
  ])("of %i months, %i days and %i microseconds", (months, days, micros, text) => {
    expect(isoDuration(months, days, micros)).toBe(text);
  });
});

describe("decimals", () => {
  it("keep their value, as a number, a bigint or text", () => {
    const decimal = fc.tuple(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), fc.nat(12));
    fc.assert(
      fc.property(decimal, ([unscaled, scale]) => {
        const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, "0");
        const text = `${unscaled < 0n ? "-" : ""}${digits.slice(0, digits.length - scale)}${scale === 0 ? "" : `.${digits.slice(-scale)}`}`;
        const cell = decimalCell(text);
        const back = typeof cell === "number" ? cell.toFixed(scale) : `${cell}`;
        const normal = (value: string): string =>
          value
            .replace(/(\.\d*?)0+$/, "$1")
            .replace(/\.$/, "")
            .replace(/^-0$/, "0");
        expect(normal(back)).toBe(normal(text));
      }),
    );
  });

  it("can be NaN and infinite", () => {
    expect(["NaN", "Infinity", "-Infinity"].map(decimalCell)).toEqual([Number.NaN, Infinity, -Infinity]);
  });
});

describe("records", () => {
  it("hold any name, __proto__ too", () => {
    const record = recordMaker<number>(["__proto__", "a"])([1, 2]);
    expect(Object.entries(record)).toEqual([
      ["__proto__", 1],
      ["a", 2],
    ]);
  });

  it("get unique names that keep what is unique already", () => {
    expect(uniqueNames(["a", "a", "a:1", "a"])).toEqual(["a", "a:2", "a:1", "a:3"]);
    fc.assert(
      fc.property(fc.array(fc.constantFrom("a", "b", "a:1", "a:2", "b:1")), (names) => {
        expect(new Set(uniqueNames(names)).size).toBe(names.length);
      }),
    );
  });
});
