/** B(2k) / (2k (2k - 1)), k = 1 .. 8, from the Bernoulli numbers. */
const stirling = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156, -3617 / 122400];

/**
 * Natural logarithm of the gamma function for x > 0, absolute error about 1e-15 times max(1, |result|).
 * Stirling's series (Abramowitz and Stegun 6.1.41) from x = 15 on, reached by the recurrence 6.1.15.
 */
export function logGamma(x: number): number {
  if (x === Number.POSITIVE_INFINITY) return x;
  let product = 1;
  let shifted = x;
  while (shifted < 15) {
    product *= shifted;
    shifted += 1;
  }
  const inverse = 1 / shifted;
  const square = inverse * inverse;
  let series = 0;
  for (let k = stirling.length - 1; k >= 0; k--) series = series * square + (stirling[k] as number);
  const value = (shifted - 0.5) * Math.log(shifted) - shifted + 0.5 * Math.log(2 * Math.PI) + series * inverse;
  return value - Math.log(product);
}

/** ln B(a, b) = ln Γ(a) + ln Γ(b) - ln Γ(a + b), for a, b > 0. */
export const logBeta = (a: number, b: number): number => logGamma(a) + logGamma(b) - logGamma(a + b);
