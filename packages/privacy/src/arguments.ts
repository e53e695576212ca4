import { DeepwrightError } from "@deepwright/core";

function refuse(name: string, expected: string, got: unknown): never {
  throw new DeepwrightError({
    code: "INVALID_ARGUMENT",
    expected: `${name} to be ${expected}`,
    got: String(got),
    todo: `Pass ${name} within its range; nothing was spent or released.`,
  });
}

/** @throws DeepwrightError `INVALID_ARGUMENT` unless `value` is finite, above 0 and at most `largest` */
export function requirePositive(name: string, value: number, largest = Number.MAX_VALUE): number {
  if (!(value > 0 && value <= largest)) {
    const limit = largest === Number.MAX_VALUE ? "" : ` and at most ${largest}`;
    refuse(name, `a finite number above 0${limit}`, value);
  }
  return value;
}

/** @throws DeepwrightError `INVALID_ARGUMENT` unless 0 < `value` < 1 */
export function requireOpenProbability(name: string, value: number): number {
  if (!(value > 0 && value < 1)) refuse(name, "a probability above 0 and below 1", value);
  return value;
}

/** @throws DeepwrightError `INVALID_ARGUMENT` unless 0 < `value` <= 1 */
export function requireSamplingProbability(name: string, value: number): number {
  if (!(value > 0 && value <= 1)) refuse(name, "a probability above 0 and at most 1", value);
  return value;
}

/** @throws DeepwrightError `INVALID_ARGUMENT` unless `value` is an integer of at least `minimum` */
export function requireInteger(name: string, value: number, minimum: number): number {
  if (!Number.isSafeInteger(value) || value < minimum) refuse(name, `an integer of at least ${minimum}`, value);
  return value;
}
