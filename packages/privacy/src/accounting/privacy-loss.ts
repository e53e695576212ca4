import { type Cumulants, composeAround, cumulants, type Part } from "./compose.js";
import { connectDots } from "./loss-grid.js";
import type { Profile } from "./profile.js";

/** One mechanism in a composition. */
export interface Step {
  readonly profile: Profile;
  readonly times: number;
}

/** Step of the grid over the standard deviation of one loss: variance is overstated by about a sixth of its square. */
const relativeStep = 0.08;
/** Steps between the ends of the grid, which are not all points. */
const mostSteps = 2 ** 26;
/** Share of delta that may be lost to infinite loss at the end of the grids. */
const truncation = 1e-5;
/** Below this, a loss on the lower side is moved up to the end of its grid. */
const lowerTail = 1e-13;
/** Rounding of profiles and transforms, which pessimism has to cover; see the tests against exact values. */
const roundingMargin = 1e-9;

/** The smallest epsilon at which the profile is at most `tail`. */
function upperEnd(profile: Profile, tail: number): number {
  let high = 1 / 64;
  while (profile(high) > tail && high < 2048) high *= 2;
  return high;
}

/** A place below which next to no loss lies. */
function lowerEnd(profile: Profile): number {
  let low = 1 / 64;
  while (profile(-low) + Math.expm1(-low) > lowerTail && low < 64) low *= 2;
  return -low;
}

/** Puts all mechanisms on grids of one step, fine enough for their joint spread. */
function discretize(steps: readonly Step[], delta: number): Part[] {
  const uses = steps.reduce((sum, { times }) => sum + times, 0);
  const tail = (truncation * delta) / uses;
  const ranges = steps.map(({ profile }) => ({ low: lowerEnd(profile), high: upperEnd(profile, tail) }));
  const widest = Math.max(...ranges.map(({ low, high }) => high - low));
  const partsAt = (step: number): Part[] =>
    steps.map(({ profile, times }, index) => {
      const { low, high } = ranges[index] as (typeof ranges)[number];
      return { grid: connectDots(profile, step, low, high), times };
    });
  let step = widest / 1000;
  for (;;) {
    const parts = partsAt(step);
    const wanted = relativeStep * Math.sqrt(cumulants(parts, 0).variance / uses);
    if (step <= 1.3 * wanted || widest / wanted > mostSteps) return parts;
    // A coarse grid overstates the spread, so the next step may still be too wide, never by much.
    step = Math.max(wanted, step / 64);
  }
}

/** log of delta at the tilted mean, by the saddlepoint: exact enough to choose where to look. */
function logDelta(tilt: number, { log, mean, variance }: Cumulants): number {
  return log - tilt * mean - Math.log(tilt * (tilt + 1)) - 0.5 * Math.log(2 * Math.PI * variance);
}

/** The tilt at which something that falls with it reaches 0. */
function findTilt(parts: readonly Part[], excess: (tilt: number, moments: Cumulants) => number): number {
  let [low, high] = [1e-4, 1];
  while (high < 1e4 && excess(high, cumulants(parts, high)) > 0) {
    low = high;
    high *= 2;
  }
  for (let round = 0; round < 12 && high / low > 1.05; round++) {
    const middle = Math.sqrt(low * high);
    if (excess(middle, cumulants(parts, middle)) > 0) low = middle;
    else high = middle;
  }
  return low;
}

/**
 * The smallest epsilon with which a composition holds `delta`, from above.
 *
 * @param delta above 0 and below 1
 * @returns at least 0, infinity when there is none
 */
export function epsilonOfSteps(steps: readonly Step[], delta: number): number {
  if (steps.length === 0) return 0;
  const parts = discretize(steps, delta);
  const goal = Math.log(delta);
  const tilt = findTilt(parts, (t, moments) => logDelta(t, moments) - goal);
  const { step, first, mass, logFactor, infinite } = composeAround(parts, tilt);
  const target = (delta / (1 + roundingMargin) - infinite) * Math.exp(-logFactor);
  if (target <= 0) return Number.POSITIVE_INFINITY;
  // delta(eps) = sum of p (1 - exp(eps - loss)) over the losses above eps, summed from the largest down. The second sum is
  // kept times exp(top): far out exp(-loss) itself is no number any more.
  const top = (first + mass.length) * step;
  let [probability, shrunk] = [0, 0];
  for (let k = mass.length - 1; k >= 0; k--) {
    const loss = (first + k) * step;
    if (loss < 0) break;
    // Between this point and the next one up, the profile is a straight line in exp(eps).
    if (probability - Math.exp(loss - top) * shrunk > target) break;
    probability += mass[k] as number;
    shrunk += (mass[k] as number) * Math.exp(top - loss);
  }
  return probability > target ? Math.max(0, top + Math.log((probability - target) / shrunk)) : 0;
}

/**
 * The smallest delta with which a composition holds `epsilon`, from above.
 *
 * @param epsilon at least 0
 * @param floor deltas below this are not told apart
 */
export function deltaOfSteps(steps: readonly Step[], epsilon: number, floor = 1e-15): number {
  if (steps.length === 0) return 0;
  const parts = discretize(steps, floor);
  const tilt = findTilt(parts, (_, { mean }) => epsilon - mean);
  const { step, first, mass, logFactor, infinite } = composeAround(parts, tilt);
  let delta = 0;
  for (let k = mass.length - 1; k >= 0; k--) {
    const loss = (first + k) * step;
    if (loss <= epsilon) break;
    delta += (mass[k] as number) * -Math.expm1(epsilon - loss);
  }
  return Math.min(1, delta * Math.exp(logFactor) * (1 + roundingMargin) + infinite);
}
