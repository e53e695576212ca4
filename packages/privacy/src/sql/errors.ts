import { DeepwrightError } from "@deepwright/core";

const untouched = "nothing was spent or released.";

/** The query asks for something that can't be answered, whatever the data. Found before anything is spent. */
export function queryRefused(code: string, expected: string, got: string, todo: string): DeepwrightError {
  return new DeepwrightError({ code, expected, got, todo: `${todo}; ${untouched}` });
}

export const invalidArgument = (expected: string, got: unknown, todo = "Correct the query"): DeepwrightError =>
  queryRefused("INVALID_ARGUMENT", expected, String(got), todo);

/**
 * The engine failed while it read the data. What it said may hold values of the data (`could not convert 'Ann Smith'`),
 * so neither its message nor its error is passed on: this error is the same whatever happened.
 */
export function queryFailed(): DeepwrightError {
  return new DeepwrightError({
    code: "PRIVATE_QUERY_FAILED",
    kind: "unavailable",
    retryable: false,
    expected: "the engine to compute the answer",
    got: "a failure, whose message is withheld because it may tell of the data",
    todo: "Ask the owner of the data to look at the engine's log; what was charged stays charged.",
  });
}
