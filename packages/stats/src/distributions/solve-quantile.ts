import { requireProbability } from "../arguments.js";
import type { ContinuousDistribution } from "./distribution.js";

/** Halfway by magnitude where the bracket spans magnitudes, else by value: tiny quantiles are found with all digits. */
function middle(low: number, high: number): number {
  if (low <= 0) return high > 0.5 ? high / 2 : high * high;
  return high > 4 * low ? Math.sqrt(low) * Math.sqrt(high) : low + (high - low) / 2;
}

/**
 * Inverts the cdf of a distribution on [0, upper] by Newton steps kept within a shrinking bracket. The tail that is
 * smaller is the one compared, so that both ends keep their precision.
 */
export function solveQuantile(
  distribution: Pick<ContinuousDistribution, "cdf" | "survival" | "density">,
  probability: number,
  upper = Number.POSITIVE_INFINITY,
): number {
  requireProbability("probability", probability);
  if (probability === 0) return 0;
  if (probability === 1) return upper;
  const useSurvival = probability > 0.5;
  const excess = (x: number): number =>
    useSurvival ? 1 - probability - distribution.survival(x) : distribution.cdf(x) - probability;
  let low = 0;
  let high = Math.min(upper, 1);
  while (high < upper && excess(high) < 0) {
    low = high;
    high = Math.min(upper, high * 2);
  }
  let x = middle(low, high);
  for (let iteration = 0; iteration < 300; iteration++) {
    const error = excess(x);
    if (error === 0) return x;
    if (error < 0) low = x;
    else high = x;
    const newton = x - error / distribution.density(x);
    const next = newton > low && newton < high ? newton : middle(low, high);
    if (Math.abs(next - x) <= 2e-16 * Math.abs(x) || next === low || next === high) return next;
    x = next;
  }
  return x;
}
