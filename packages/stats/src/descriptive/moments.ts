import { requireSample } from "../arguments.js";

/** Arithmetic mean with compensated summation (Neumaier 1974). @throws DeepwrightError `INVALID_ARGUMENT` when empty */
export function mean(values: ArrayLike<number>): number {
  requireSample("values", values, 1);
  let sum = 0;
  let lost = 0;
  for (let index = 0; index < values.length; index++) {
    const value = values[index] as number;
    const next = sum + value;
    lost += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum;
    sum = next;
  }
  return (sum + lost) / values.length;
}

/** Unbiased variance, divided by n - 1. @throws DeepwrightError `INVALID_ARGUMENT` below two values */
export function variance(values: ArrayLike<number>): number {
  requireSample("values", values, 2);
  const center = mean(values);
  let squares = 0;
  let sum = 0;
  for (let index = 0; index < values.length; index++) {
    const deviation = (values[index] as number) - center;
    squares += deviation * deviation;
    sum += deviation;
  }
  // The second term takes off the rounding error of the mean (Chan, Golub and LeVeque 1983).
  return Math.max(0, (squares - (sum * sum) / values.length) / (values.length - 1));
}

/** Square root of {@link variance}. */
export const standardDeviation = (values: ArrayLike<number>): number => Math.sqrt(variance(values));
