import { DeepwrightError } from "@deepwright/core";

/** The suite itself is wrong, whatever the data. */
export function suiteInvalid(expected: string, got: string, todo: string, details = {}): DeepwrightError {
  return new DeepwrightError({ code: "SUITE_INVALID", expected, got, todo, details });
}

export function patternInvalid(pattern: string, reason: string): DeepwrightError {
  return new DeepwrightError({
    code: "PATTERN_INVALID",
    expected: "a regular expression that means the same on every engine",
    got: `${JSON.stringify(pattern)}: ${reason}`,
    todo: "Use literals, classes, groups, alternatives, anchors and quantifiers only.",
    details: { pattern },
  });
}

export function sqlUnsafe(written: string, reason: string): DeepwrightError {
  return new DeepwrightError({
    code: "SQL_EXPRESSION_INVALID",
    expected: "one SQL expression",
    got: `${JSON.stringify(written)}: ${reason}`,
    todo: "Write a single expression without comments, semicolons or unbalanced brackets and quotes.",
    details: { sql: written },
  });
}
