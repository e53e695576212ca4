import { DeepwrightError } from "@deepwright/core";

/** Degrees of freedom: above 0, not necessarily whole; infinity is the limit of a known variance. */
export function requireDegrees(name: string, value: number): void {
  if (value > 0) return;
  throw new DeepwrightError({
    code: "INVALID_ARGUMENT",
    expected: `${name} to be above 0`,
    got: String(value),
    todo: "Give the number of degrees of freedom, such as the number of values less one.",
  });
}
