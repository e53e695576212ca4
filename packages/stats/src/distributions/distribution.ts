/** A distribution of real numbers. NaN goes in and comes out; probabilities outside 0 .. 1 are refused. */
export interface Distribution {
  /** P(X <= x). */
  cdf(x: number): number;
  /** P(X > x), precise where `1 - cdf(x)` would be 0. */
  survival(x: number): number;
  /** Smallest x with cdf(x) >= probability. @throws DeepwrightError `INVALID_ARGUMENT` outside 0 .. 1 */
  quantile(probability: number): number;
}

export interface ContinuousDistribution extends Distribution {
  /** Density at x. */
  density(x: number): number;
}

export interface DiscreteDistribution extends Distribution {
  /** P(X = x). */
  mass(x: number): number;
}
