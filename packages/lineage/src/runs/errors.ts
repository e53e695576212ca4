import { DeepwrightError } from "@deepwright/core";

export function runNotFound(reference: string): DeepwrightError {
  return new DeepwrightError({
    code: "RUN_NOT_FOUND",
    kind: "not-found",
    expected: "the id, the start of an id or the name of a recorded run",
    got: JSON.stringify(reference),
    todo: "List the runs with `deepwright runs`.",
  });
}

export function ambiguousRun(reference: string, candidates: readonly string[]): DeepwrightError {
  return new DeepwrightError({
    code: "RUN_AMBIGUOUS",
    kind: "conflict",
    expected: "the start of exactly one run's id",
    got: `${JSON.stringify(reference)}, with which ${candidates.join(", ")}${candidates.length > 2 ? " and maybe more" : ""} begin`,
    todo: "Give more digits of the id.",
    details: { candidates },
  });
}
