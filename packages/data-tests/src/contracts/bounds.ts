import { operators, type QualityRule } from "./contract.js";

/** Values that satisfy a rule: both ends inclusive, infinite where there is none. */
export interface Bounds {
  readonly min: number;
  readonly max: number;
}

/**
 * What a rule's operator allows; `null` where that is no interval. `mustBeBetween` includes its ends, as the sign that the standard
 * gives it does.
 *
 * @param whole whether only whole numbers can come, so that "less than 10" is "at most 9"
 */
export function boundsOf(rule: QualityRule, whole: boolean): Bounds | null {
  const operator = operators.find((each) => rule[each] !== undefined);
  const value = operator === undefined ? undefined : rule[operator];
  const number = typeof value === "boolean" ? Number(value) : value;
  if (operator === "mustBeBetween" && Array.isArray(number))
    return { min: Math.min(...number), max: Math.max(...number) };
  if (typeof number !== "number" || Number.isNaN(number)) return null;
  const { NEGATIVE_INFINITY: below, POSITIVE_INFINITY: above } = Number;
  switch (operator) {
    case "mustBe":
      return { min: number, max: number };
    case "mustBeGreaterOrEqualTo":
      return { min: number, max: above };
    case "mustBeLessOrEqualTo":
      return { min: below, max: number };
    case "mustBeGreaterThan":
      return { min: whole ? Math.floor(number) + 1 : nextAbove(number), max: above };
    case "mustBeLessThan":
      return { min: below, max: whole ? Math.ceil(number) - 1 : -nextAbove(-number) };
    case "mustNotBe":
      // A count that must not be 0 is at least 1.
      return whole && number === 0 ? { min: 1, max: above } : null;
    default:
      return null;
  }
}

/** The least double above a finite one. */
export function nextAbove(value: number): number {
  if (value === 0) return Number.MIN_VALUE;
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  view.setBigInt64(0, view.getBigInt64(0) + (value > 0 ? 1n : -1n));
  return view.getFloat64(0);
}

/** Bounds as options of an expectation. */
export const boundOptions = ({ min, max }: Bounds): { min?: number; max?: number } => ({
  ...(min > Number.NEGATIVE_INFINITY && { min }),
  ...(max < Number.POSITIVE_INFINITY && { max }),
});
