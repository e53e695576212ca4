import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Clock, manualClock } from "./clock.js";
import { idTime, isId, newId, parseId } from "./ids.js";

const uuidVersion7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe("newId", () => {
  it("makes UUIDs of version 7 that sort in the order in which they were made, however the clock moves", () => {
    const steps = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 2, maxLength: 200 });
    fc.assert(
      fc.property(steps, (moves) => {
        const clock = manualClock();
        const ids = moves.map((milliseconds) => {
          clock.advance(milliseconds);
          return newId(clock);
        });
        for (const id of ids) expect(id).toMatch(uuidVersion7);
        expect([...ids].sort()).toEqual(ids);
        expect(new Set(ids).size).toBe(ids.length);
      }),
    );
  });

  it("keeps the order beyond 4,096 ids in one millisecond", () => {
    const clock = manualClock();
    const ids = Array.from({ length: 10_000 }, () => newId(clock));
    expect([...ids].sort()).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
    expect(idTime(ids.at(-1) as (typeof ids)[number]) - clock.now()).toBe(2);
  });

  it("carries the time of its clock", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 48 - 1 }), (milliseconds) => {
        const clock: Clock = { now: () => milliseconds + 0.25, monotonic: () => 0 };
        expect(idTime(newId(clock))).toBe(milliseconds);
      }),
    );
  });

  it("is not moved into the future by another clock that is ahead", () => {
    newId(manualClock(Date.UTC(2200, 0, 1)));
    expect(idTime(newId(manualClock(5)))).toBe(5);
  });
});

describe("parseId", () => {
  it("takes ids and nothing else", () => {
    const id = newId<"run">();
    expect(parseId("run", id)).toBe(id);
    fc.assert(
      fc.property(fc.anything(), (value) => {
        fc.pre(!isId(value));
        let code: unknown;
        try {
          parseId("run", value);
        } catch (error) {
          code = (error as { code?: unknown }).code;
        }
        expect(code).toBe("INVALID_ID");
      }),
    );
  });

  it("refuses upper case, since ids are compared as text", () => {
    expect(() => parseId("run", newId().toUpperCase())).toThrow("Expected the id of a run (a lower-case UUID)");
  });
});
