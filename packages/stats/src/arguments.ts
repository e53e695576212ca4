import { DeepwrightError } from "@deepwright/core";

function refuse(name: string, expected: string, got: unknown): never {
  throw new DeepwrightError({
    code: "INVALID_ARGUMENT",
    expected: `${name} to be ${expected}`,
    got: String(got),
    todo: `Pass ${name} within its range.`,
  });
}

/** @throws DeepwrightError `INVALID_ARGUMENT` unless `value` is a finite number above 0 */
export function requirePositive(name: string, value: number): void {
  if (!(value > 0) || !Number.isFinite(value)) refuse(name, "a finite number above 0", value);
}

/** @throws DeepwrightError `INVALID_ARGUMENT` unless 0 <= `value` <= 1 */
export function requireProbability(name: string, value: number): void {
  if (!(value >= 0 && value <= 1)) refuse(name, "a probability from 0 to 1", value);
}

/** @throws DeepwrightError `INVALID_ARGUMENT` unless 0 < `value` < 1 */
export function requireOpenProbability(name: string, value: number): void {
  if (!(value > 0 && value < 1)) refuse(name, "a probability above 0 and below 1", value);
}

/** @throws DeepwrightError `INVALID_ARGUMENT` unless `value` is an integer of at least `minimum` */
export function requireInteger(name: string, value: number, minimum: number): void {
  if (!Number.isSafeInteger(value) || value < minimum) refuse(name, `an integer of at least ${minimum}`, value);
}

/** @throws DeepwrightError `INVALID_ARGUMENT` unless `value` is finite */
export function requireFinite(name: string, value: number): void {
  if (!Number.isFinite(value)) refuse(name, "a finite number", value);
}

/** @throws DeepwrightError `INVALID_ARGUMENT` unless there are `minimum` values or more, all finite */
export function requireSample(name: string, values: ArrayLike<number>, minimum: number): void {
  if (values.length < minimum) refuse(name, `at least ${minimum} values`, `${values.length} values`);
  for (let index = 0; index < values.length; index++) {
    if (!Number.isFinite(values[index])) refuse(name, "finite values only", `${values[index]} at index ${index}`);
  }
}
