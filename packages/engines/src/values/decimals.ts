/** Digits that every decimal may have and still come back unchanged from a double (DBL_DIG of IEEE 754 binary64). */
const safeDigits = 15;

/**
 * A decimal as JavaScript sees it without losing a digit: a number where a double holds it, else a bigint when it has no
 * fraction, else the text with all digits.
 *
 * @param text plain notation as databases print it: `-12.340`, `NaN`, `Infinity`
 * @example
 * ```ts
 * decimalCell("12.340"); // 12.34
 * decimalCell("9007199254740993"); // 9007199254740993n
 * decimalCell("0.12345678901234567890"); // "0.1234567890123456789"
 * ```
 */
export function decimalCell(text: string): number | bigint | string {
  const match = /^(-?)(\d+)(?:\.(\d*?)0*)?$/.exec(text);
  if (match === null) return Number(text);
  const [, sign = "", whole = "0", fraction = ""] = match;
  if (fraction === "") return integerCell(BigInt(sign + whole));
  const digits = (whole + fraction).replace(/^0+/, "");
  const shortened = `${sign}${whole}.${fraction}`;
  return digits.length <= safeDigits ? Number(shortened) : shortened;
}

/** A number up to 2^53 - 1 in magnitude, a bigint beyond. */
export function integerCell(value: bigint): number | bigint {
  return value >= -9007199254740991n && value <= 9007199254740991n ? Number(value) : value;
}
