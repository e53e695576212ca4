import { DeepwrightError } from "@deepwright/core";

/** A whole number of an option. @throws DeepwrightError `INVALID_OPTION` */
export function parseWhole(option: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isInteger(value) && value >= least && value <= most) return value;
  const bounds = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
  throw invalidOption(option, `a whole number ${bounds}`, text);
}

/** A share of an option, above 0 and below 1. @throws DeepwrightError `INVALID_OPTION` */
export function parseShare(option: string, text: string): number {
  const value = Number(text);
  if (value > 0 && value < 1) return value;
  throw invalidOption(option, "a number above 0 and below 1", text);
}

export function invalidOption(option: string, expected: string, text: string): DeepwrightError {
  return new DeepwrightError({
    code: "INVALID_OPTION",
    expected: `${option} as ${expected}`,
    got: JSON.stringify(text),
    todo: "Correct the option, or leave it out for its default.",
  });
}
