import { DeepwrightError } from "@deepwright/core";
import { requireFinite, requireOpenProbability, requirePositive } from "../arguments.js";
import { studentT } from "../distributions/student-t.js";
import type { Interval } from "../intervals/proportion.js";

/** An effect seen in one study, run pair or group. */
export interface EffectEstimate {
  readonly estimate: number;
  /** Above 0. */
  readonly standardError: number;
}

export interface RandomEffects {
  /** Mean effect over the population of groups. */
  readonly mean: number;
  readonly standardError: number;
  readonly interval: Interval;
  /** Standard deviation of the true effects between groups. */
  readonly betweenDeviation: number;
  /** Each group's effect moved towards the mean by how little is known of it (empirical Bayes). */
  readonly shrunken: readonly EffectEstimate[];
}

/**
 * Combines effects that truly differ between groups: between-group variance by Paule and Mandel 1982 (solved by
 * bisection), the interval of the mean by Hartung and Knapp 2001 (Stat. Med. 20, never narrower than the plain one),
 * the groups' effects by the empirical Bayes formula of Morris 1983 (JASA 78, section 1).
 *
 * @param effects one effect or more
 * @param confidence above 0 and below 1, default 0.95
 * @throws DeepwrightError `INVALID_ARGUMENT`
 */
export function randomEffects(effects: readonly EffectEstimate[], confidence = 0.95): RandomEffects {
  requireOpenProbability("confidence", confidence);
  if (effects.length === 0) {
    throw new DeepwrightError({
      code: "INVALID_ARGUMENT",
      expected: "at least one effect",
      got: "none",
      todo: "Combine effects only where some were estimated.",
    });
  }
  for (const { estimate, standardError } of effects) {
    requireFinite("estimate", estimate);
    requirePositive("standardError", standardError);
  }
  const between = betweenVariance(effects);
  const fit = weighted(effects, between);
  const degrees = effects.length - 1;
  const spread = degrees > 0 ? Math.max(1, fit.heterogeneity / degrees) : 1;
  const standardError = Math.sqrt(spread / fit.weight);
  const critical = studentT(degrees > 0 ? degrees : Number.POSITIVE_INFINITY).quantile((1 + confidence) / 2);
  return {
    mean: fit.mean,
    standardError,
    interval: { low: fit.mean - critical * standardError, high: fit.mean + critical * standardError },
    betweenDeviation: Math.sqrt(between),
    shrunken: effects.map(({ estimate, standardError: error }) => {
      const keep = between / (between + error * error);
      const own = keep * error * error;
      return {
        estimate: fit.mean + keep * (estimate - fit.mean),
        standardError: Math.sqrt(own + ((1 - keep) * standardError) ** 2),
      };
    }),
  };
}

function weighted(effects: readonly EffectEstimate[], between: number) {
  let weight = 0;
  let sum = 0;
  for (const { estimate, standardError } of effects) {
    const share = 1 / (standardError * standardError + between);
    weight += share;
    sum += share * estimate;
  }
  const mean = sum / weight;
  let heterogeneity = 0;
  for (const { estimate, standardError } of effects) {
    heterogeneity += (estimate - mean) ** 2 / (standardError * standardError + between);
  }
  return { weight, mean, heterogeneity };
}

/** The variance at which the weighted sum of squares equals its expectation, k - 1; 0 when it is below from the start. */
function betweenVariance(effects: readonly EffectEstimate[]): number {
  const expected = effects.length - 1;
  const excess = (between: number): number => weighted(effects, between).heterogeneity - expected;
  if (expected === 0 || excess(0) <= 0) return 0;
  let low = 0;
  let high = effects[0] ? effects[0].standardError ** 2 : 1;
  while (excess(high) > 0) high *= 2;
  for (let iteration = 0; iteration < 200 && high - low > 1e-14 * high; iteration++) {
    const middle = (low + high) / 2;
    if (excess(middle) > 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
