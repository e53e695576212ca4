import { requireProbability } from "../arguments.js";
import { incompleteBeta } from "../special/incomplete-beta.js";
import { logBeta } from "../special/log-gamma.js";
import { requireDegrees } from "./degrees.js";
import type { ContinuousDistribution } from "./distribution.js";
import { normal } from "./normal.js";
import { solveQuantile } from "./solve-quantile.js";

/**
 * Student's t distribution. Its tail is I_x(ν/2, 1/2) / 2 with x = ν / (ν + t²) (Abramowitz and Stegun 26.7.1).
 *
 * @param degreesOfFreedom above 0; infinity gives the standard normal
 * @throws DeepwrightError `INVALID_ARGUMENT`
 * @example
 * ```ts
 * console.log(studentT(4).quantile(0.975).toFixed(4)); // 2.7764
 * ```
 */
export function studentT(degreesOfFreedom: number): ContinuousDistribution {
  requireDegrees("degreesOfFreedom", degreesOfFreedom);
  const nu = degreesOfFreedom;
  if (nu === Number.POSITIVE_INFINITY) return normal();
  const logScale = logBeta(nu / 2, 0.5) + Math.log(nu) / 2;
  const density = (t: number): number => Math.exp(-logScale - ((nu + 1) / 2) * Math.log1p((t * t) / nu));
  const tails = (t: number) => {
    const square = t * t;
    if (square === Number.POSITIVE_INFINITY) return { lower: 0, upper: 1 };
    return incompleteBeta(nu / 2, 0.5, nu / (nu + square), square / (nu + square));
  };
  const survival = (t: number): number => {
    if (Number.isNaN(t)) return t;
    return t < 0 ? 0.5 + tails(t).upper / 2 : tails(t).lower / 2;
  };
  const cdf = (t: number): number => survival(-t);
  // The half distribution |T| has its mass on [0, infinity), where the solver looks.
  const half = {
    density: (t: number) => 2 * density(t),
    cdf: (t: number) => tails(t).upper,
    survival: (t: number) => tails(t).lower,
  };
  const quantile = (probability: number): number => {
    requireProbability("probability", probability);
    if (probability === 0.5) return 0;
    if (probability === 0) return Number.NEGATIVE_INFINITY;
    if (probability === 1) return Number.POSITIVE_INFINITY;
    const tail = probability < 0.5 ? probability : 1 - probability;
    const size = upperQuantile(half, 2 * tail);
    return probability < 0.5 ? -size : size;
  };
  return { density, cdf, survival, quantile };
}

/** The point that a variable on [0, infinity) exceeds with probability `tail`; precise for tiny tails. */
function upperQuantile(half: Pick<ContinuousDistribution, "density" | "cdf" | "survival">, tail: number): number {
  // 1 / X turns the upper tail into a lower one, whose probability needs no subtraction from 1.
  const inverse = solveQuantile(
    {
      cdf: (y) => half.survival(1 / y),
      survival: (y) => half.cdf(1 / y),
      density: (y) => half.density(1 / y) / (y * y),
    },
    tail,
  );
  return 1 / inverse;
}
