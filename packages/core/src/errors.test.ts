import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DeepwrightError, type ErrorKind, isDeepwrightError, toDeepwrightError } from "./errors.js";

const kinds: readonly ErrorKind[] = ["usage", "not-found", "conflict", "not-allowed", "unavailable", "internal"];
const options = fc.record(
  {
    code: fc.stringMatching(/^[A-Z][A-Z_]{0,20}$/),
    kind: fc.constantFrom(...kinds),
    expected: fc.string(),
    got: fc.string(),
    todo: fc.string(),
    retryable: fc.boolean(),
    details: fc.dictionary(fc.string(), fc.jsonValue()),
  },
  { requiredKeys: ["code", "expected", "got", "todo"] },
);

describe("DeepwrightError", () => {
  it("says what was expected, what came and what to do", () => {
    const error = new DeepwrightError({
      code: "RUN_NOT_FOUND",
      kind: "not-found",
      expected: "the id of a recorded run",
      got: '"abc"',
      todo: "List the runs with `deepwright runs`.",
    });
    expect(error.message).toBe('Expected the id of a recorded run, got "abc". List the runs with `deepwright runs`.');
    expect(error).toBeInstanceOf(Error);
    expect([error.exitCode, error.httpStatus, error.retryable]).toEqual([2, 404, false]);
  });

  it("comes back from JSON with everything but the stack and the cause", () => {
    fc.assert(
      fc.property(options, (given) => {
        const error = new DeepwrightError({ ...given, cause: new Error("secret") });
        const text = JSON.stringify(error);
        expect(Object.keys(JSON.parse(text))).not.toContain("stack");
        expect(Object.keys(JSON.parse(text))).not.toContain("cause");
        const copy = DeepwrightError.fromJSON(JSON.parse(text));
        expect(JSON.stringify(copy)).toBe(text);
        expect(copy.message).toBe(error.message);
        expect(isDeepwrightError(copy)).toBe(true);
      }),
    );
  });

  it("can be retried by default only when something is unavailable", () => {
    for (const kind of kinds) {
      const error = new DeepwrightError({ code: "X", kind, expected: "", got: "", todo: "" });
      expect(error.retryable).toBe(kind === "unavailable");
    }
  });

  it("has an exit code and an HTTP status for every kind", () => {
    const rendered = kinds.map((kind) => {
      const error = new DeepwrightError({ code: "X", kind, expected: "", got: "", todo: "" });
      return [kind, error.exitCode, error.httpStatus];
    });
    expect(rendered).toEqual([
      ["usage", 2, 400],
      ["not-found", 2, 404],
      ["conflict", 2, 409],
      ["not-allowed", 4, 403],
      ["unavailable", 3, 503],
      ["internal", 70, 500],
    ]);
  });
});

describe("isDeepwrightError", () => {
  it("knows errors of another copy of the package by their mark", () => {
    const foreign = Object.defineProperty(new Error("x"), Symbol.for("deepwright.error"), { value: true });
    expect(isDeepwrightError(foreign)).toBe(true);
  });

  it("is false for everything else", () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(isDeepwrightError(value)).toBe(false);
      }),
    );
    expect(isDeepwrightError(new Error("x"))).toBe(false);
  });
});

describe("toDeepwrightError", () => {
  it("leaves typed errors as they are and keeps foreign ones as the cause", () => {
    const typed = new DeepwrightError({ code: "X", expected: "", got: "", todo: "" });
    expect(toDeepwrightError(typed)).toBe(typed);
    const foreign = new TypeError("boom");
    const wrapped = toDeepwrightError(foreign);
    expect([wrapped.code, wrapped.kind, wrapped.got, wrapped.cause]).toEqual([
      "INTERNAL_ERROR",
      "internal",
      "boom",
      foreign,
    ]);
  });

  it("takes whatever was thrown", () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(isDeepwrightError(toDeepwrightError(value))).toBe(true);
      }),
    );
  });
});
