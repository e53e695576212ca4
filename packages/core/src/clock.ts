/** Where time comes from. Passed in everywhere, so that tests and replays choose it. */
export interface Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  now(): number;
  /** Monotonic milliseconds with sub-millisecond digits; only differences mean something. */
  monotonic(): number;
}

/** The computer's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
};

/** A clock that stands still until it is told to move. Unit: milliseconds. */
export function manualClock(startMs = Date.UTC(2026, 0, 1)): Clock & { advance(milliseconds: number): void } {
  let time = startMs;
  return {
    now: () => time,
    monotonic: () => time - startMs,
    advance(milliseconds) {
      time += milliseconds;
    },
  };
}
