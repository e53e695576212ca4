import { describe, expect, it } from "vitest";
import { manualClock, systemClock } from "./clock.js";

describe("manualClock", () => {
  it("stands still until it is told to move", () => {
    const clock = manualClock(1_000);
    expect([clock.now(), clock.monotonic()]).toEqual([1_000, 0]);
    clock.advance(250);
    expect([clock.now(), clock.monotonic()]).toEqual([1_250, 250]);
  });
});

describe("systemClock", () => {
  it("never runs backwards in monotonic time", () => {
    const times = Array.from({ length: 1_000 }, () => systemClock.monotonic());
    expect([...times].sort((a, b) => a - b)).toEqual(times);
  });
});
