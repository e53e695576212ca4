import { describe, expect, it } from "vitest";
import { DeepwrightError, isDeepwrightError, toDeepwrightError } from "./errors.js";
import { formatDuration, parseBytes, parseDuration } from "./units.js";

const error = new DeepwrightError({
  code: "RUN_NOT_FOUND",
  kind: "not-found",
  expected: "the id of a run",
  got: '"x"',
  todo: "List the runs.",
});

describe("DeepwrightError", () => {
  it("says what was expected, what came and what to do", () => {
    expect(error.message).toBe('Expected the id of a run, got "x". List the runs.');
    expect([error.exitCode, error.httpStatus, error.retryable]).toEqual([2, 404, false]);
  });

  it("survives a round trip as JSON, and is recognised afterwards", () => {
    const back = DeepwrightError.fromJSON(JSON.parse(JSON.stringify(error)));
    expect(back.toJSON()).toEqual(error.toJSON());
    expect(isDeepwrightError(back)).toBe(true);
  });

  it("wraps a foreign error with its cause, and a typed one not at all", () => {
    const cause = new Error("boom");
    expect(toDeepwrightError(cause)).toMatchObject({ code: "INTERNAL_ERROR", got: "boom", cause });
    expect(toDeepwrightError(error)).toBe(error);
  });
});

describe("units", () => {
  it("reads sizes and durations, and refuses others with a typed error", () => {
    expect(parseBytes("64 MiB")).toBe(64 * 1024 ** 2);
    expect(parseDuration("1.5h")).toBe(5_400_000);
    expect(formatDuration(5_400_000)).toBe("1 h 30 min");
    expect(() => parseBytes("many")).toThrow(expect.objectContaining({ code: "INVALID_QUANTITY" }));
  });
});
