import { DeepwrightError } from "@deepwright/core";

/** An exact fraction in lowest terms; the denominator is above 0. */
export interface Rational {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  let [x, y] = [a < 0n ? -a : a, b];
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
}

/** @param denominator not 0 */
export function rational(numerator: bigint, denominator = 1n): Rational {
  const sign = denominator < 0n ? -1n : 1n;
  const divisor = greatestCommonDivisor(numerator, denominator * sign);
  return { numerator: (numerator * sign) / divisor, denominator: (denominator * sign) / divisor };
}

export const multiply = (a: Rational, b: Rational): Rational =>
  rational(a.numerator * b.numerator, a.denominator * b.denominator);

export const divide = (a: Rational, b: Rational): Rational =>
  rational(a.numerator * b.denominator, a.denominator * b.numerator);

export const subtract = (a: Rational, b: Rational): Rational =>
  rational(a.numerator * b.denominator - b.numerator * a.denominator, a.denominator * b.denominator);

export const toNumber = ({ numerator, denominator }: Rational): number => Number(numerator) / Number(denominator);

/**
 * The fraction that a number means when it is written down: 0.1 is 1/10, not the binary fraction next to it. What a
 * mechanism is asked for is then exactly what it gives.
 *
 * @throws DeepwrightError `INVALID_ARGUMENT` when it is not finite
 */
export function fromDecimal(name: string, value: number | bigint): Rational {
  if (typeof value === "bigint") return rational(value);
  const parts = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(value));
  if (!parts) {
    throw new DeepwrightError({
      code: "INVALID_ARGUMENT",
      expected: `${name} to be a finite number`,
      got: String(value),
      todo: `Pass ${name} within its range.`,
    });
  }
  const [, sign, whole = "", fraction = "", exponent = "0"] = parts;
  const digits = BigInt(`${sign}${whole}${fraction}`);
  const power = Number(exponent) - fraction.length;
  return power >= 0 ? rational(digits * 10n ** BigInt(power)) : rational(digits, 10n ** BigInt(-power));
}
