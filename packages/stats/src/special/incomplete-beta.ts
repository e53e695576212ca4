import { continuedFraction } from "./continued-fraction.js";
import { logBeta } from "./log-gamma.js";

/**
 * Regularised incomplete beta function I_x(a, b) and its complement I_y(b, a), with y = 1 - x given apart, so that no
 * digit is lost at either end. a, b > 0. Continued fraction DLMF 8.17.22, on the side of the mean where it converges fast.
 */
export function incompleteBeta(
  a: number,
  b: number,
  x: number,
  y = 1 - x,
): { readonly lower: number; readonly upper: number } {
  if (x <= 0) return { lower: 0, upper: 1 };
  if (y <= 0) return { lower: 1, upper: 0 };
  // Decided once: with roundings, x and y can both lie beyond the bounds of their sides.
  if (x > (a + 1) / (a + b + 2)) {
    const upper = lowerTail(b, a, y, x);
    return { lower: 1 - upper, upper };
  }
  const lower = lowerTail(a, b, x, y);
  return { lower, upper: 1 - lower };
}

function lowerTail(a: number, b: number, x: number, y: number): number {
  const factor = Math.exp(a * Math.log(x) + b * Math.log(y) - logBeta(a, b)) / a;
  const fraction = continuedFraction(1, (n) => {
    const m = Math.floor(n / 2);
    const numerator =
      n % 2 === 0
        ? (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
        : (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    return [numerator, 1];
  });
  return Math.min(1, factor / fraction);
}
