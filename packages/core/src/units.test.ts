import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatBytes, formatDuration, parseBytes, parseDuration } from "./units.js";

describe("parseBytes", () => {
  it("reads decimal and binary units", () => {
    expect(parseBytes("64 MiB")).toBe(64 * 1024 ** 2);
    expect(parseBytes("1.5kb")).toBe(1500);
    expect(parseBytes(" 7 ")).toBe(7);
    expect(parseBytes("2TB")).toBe(2e12);
  });

  it("refuses everything else, also words that every object knows and numbers beyond the range", () => {
    for (const text of [
      "",
      "MiB",
      "-1 MiB",
      "1 XB",
      "5 constructor",
      "1e3",
      "NaN",
      "1,5 MB",
      `${"9".repeat(400)} TB`,
    ]) {
      expect(() => parseBytes(text)).toThrow(expect.objectContaining({ code: "INVALID_QUANTITY" }));
    }
  });

  it("never gives anything but a whole number of bytes or a typed error", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.tuple(fc.nat(), fc.string({ maxLength: 4 })).map((parts) => parts.join(" ")),
        ),
        (text) => {
          try {
            expect(Number.isInteger(parseBytes(text))).toBe(true);
          } catch (error) {
            expect(error).toMatchObject({ code: "INVALID_QUANTITY" });
          }
        },
      ),
    );
  });
});

describe("formatBytes", () => {
  it("can be read back within its precision", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1024 ** 4 }), (bytes) => {
        const read = parseBytes(formatBytes(bytes));
        // One digit behind the point of a number that is at least 1.
        expect(Math.abs(read - bytes)).toBeLessThanOrEqual(bytes < 1024 ? 0 : 0.051 * bytes);
      }),
    );
  });

  it("never shows 1024.0 of a unit", () => {
    expect(formatBytes(1024 ** 2 - 1)).toBe("1.0 MiB");
    expect(formatBytes(1023)).toBe("1023 B");
    expect(formatBytes(67_108_864)).toBe("64.0 MiB");
    expect(formatBytes(-2048)).toBe("-2.0 KiB");
  });
});

describe("parseDuration", () => {
  it("reads milliseconds to days; a bare number is seconds", () => {
    expect(["250ms", "90", "90s", "2 min", "2m", "1.5h", "1d"].map(parseDuration)).toEqual([
      250, 90_000, 90_000, 120_000, 120_000, 5_400_000, 86_400_000,
    ]);
  });

  it("says what it expected and which units there are", () => {
    expect(() => parseDuration("soon")).toThrow(
      'Expected a duration such as "90s", got "soon". Write a number and one of ms, s, m, min, h, d.',
    );
  });
});

describe("formatDuration", () => {
  it("shows two units at most and carries when it rounds", () => {
    const shown = [0, 999.4, 999.6, 1_000, 59_940, 59_960, 61_000, 3_599_700, 5_423_000, 90_000_000, -1_500];
    expect(shown.map(formatDuration)).toEqual([
      "0 ms",
      "999 ms",
      "1.0 s",
      "1.0 s",
      "59.9 s",
      "1 min 0 s",
      "1 min 1 s",
      "1 h 0 min",
      "1 h 30 min",
      "1 d 1 h",
      "-1.5 s",
    ]);
  });

  it("shows what is no number as it is", () => {
    expect([Number.NaN, Infinity, -Infinity].map(formatDuration)).toEqual(["NaN", "Infinity", "-Infinity"]);
  });

  it("never shows 60 seconds, 60 minutes or 24 hours", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e10, noNaN: true }), (milliseconds) => {
        expect(formatDuration(milliseconds)).not.toMatch(/\b(?:60(?:\.0)? s|60 min|24 h|1000 ms)\b/);
      }),
    );
  });
});
