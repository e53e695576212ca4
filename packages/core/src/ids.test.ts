import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { manualClock } from "./clock.js";
import { idTime, isId, newId, parseId } from "./ids.js";

describe("newId", () => {
  it("makes UUIDs of version 7 that sort in the order in which they were made, also when the clock goes back", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 2, maxLength: 200 }), (steps) => {
        const clock = manualClock(Date.UTC(2030, 0, 1));
        const ids = steps.map((step) => {
          clock.advance(step);
          return newId<"run">(clock);
        });
        expect([...ids].sort()).toEqual(ids);
        expect(new Set(ids).size).toBe(ids.length);
        for (const id of ids)
          expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      }),
    );
  });

  it("holds the time at which it was made", () => {
    const time = Date.UTC(2040, 5, 1, 12);
    expect(idTime(newId<"run">(manualClock(time)))).toBe(time);
  });
});

describe("parseId", () => {
  it("refuses what is no lower-case UUID", () => {
    for (const value of ["", "abc", 7, null, newId<"run">().toUpperCase()]) {
      expect(isId(value)).toBe(false);
      expect(() => parseId("run", value)).toThrow(expect.objectContaining({ code: "INVALID_ID" }));
    }
  });
});
