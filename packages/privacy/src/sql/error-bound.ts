/**
 * Least k with P(|X| > k) <= miss for discrete Laplace noise X: P(|X| > k) = 2 q^(k+1) / (1 + q) with q = exp(-1 / scale).
 */
export function noiseBound(scale: number, miss: number): number {
  const q = Math.exp(-1 / scale);
  return Math.max(0, Math.ceil(-scale * Math.log((miss * (1 + q)) / 2) - 1));
}

/**
 * A bound that the sum of `terms` independent discrete Laplace variables, each times a factor in -1 .. 1, exceeds with a
 * probability of at most `miss`: Chernoff's, with the exact moment generating function
 * E exp(t X) = (1 - q)^2 / ((1 - q e^t)(1 - q e^-t)), which is largest for factors of 1.
 */
export function sumBound(scale: number, terms: number, miss: number): number {
  const q = Math.exp(-1 / scale);
  const bound = (share: number): number => {
    const t = share / scale;
    const log = 2 * Math.log1p(-q) - Math.log1p(-q * Math.exp(t)) - Math.log1p(-q * Math.exp(-t));
    return (terms * log + Math.log(2 / miss)) / t;
  };
  // Convex in t over 0 .. 1 / scale; every point is a bound, so the search need not be exact.
  let [low, high] = [1e-6, 1 - 1e-6];
  for (let round = 0; round < 60; round++) {
    const [a, b] = [low + (high - low) / 3, high - (high - low) / 3];
    if (bound(a) < bound(b)) high = b;
    else low = a;
  }
  return bound((low + high) / 2);
}
