import { DeepwrightError } from "@deepwright/core";

/** What is kept of past partitions can't be read, or doesn't fit together. */
export function historyInvalid(expected: string, got: string, todo: string, details = {}): DeepwrightError {
  return new DeepwrightError({ code: "HISTORY_INVALID", expected, got, todo, details });
}
