import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isoTime } from "./iso-time.js";

describe("isoTime", () => {
  it("writes what Date writes", () => {
    const times = fc.oneof(
      fc.integer({ min: -8.64e15, max: 8.64e15 }),
      fc.integer({ min: 0, max: 4e12 }),
      fc.double({ min: -8.64e15, max: 8.64e15, noNaN: true }),
      fc.constantFrom(0, -0, -1, 1, 86_399_999, 86_400_000, 8.64e15, -8.64e15),
      fc.constantFrom("0000-01-01T00:00:00Z", "9999-12-31T23:59:59.999Z", "+010000-01-01T00:00:00Z").map(Date.parse),
    );
    fc.assert(
      fc.property(fc.array(times, { minLength: 1, maxLength: 5 }), (list) => {
        expect(list.map(isoTime)).toEqual(list.map((time) => new Date(time).toISOString()));
      }),
      { numRuns: 500 },
    );
  });
});
