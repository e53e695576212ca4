import type { Profile } from "./profile.js";

/** A privacy loss distribution on multiples of a step: probability `mass[k]` of the loss `index[k] step`, ascending. */
export interface LossGrid {
  readonly step: number;
  readonly index: Int32Array;
  readonly mass: Float64Array;
  /** Probability of an infinite loss. */
  readonly infinite: number;
}

/** Large losses are rare and need no fine grid: the distance between points grows to this share of the loss. */
const growth = 0.01;

/** The points of the grid: every one near 0, wider apart further out, always multiples of the step. */
function placePoints(first: number, last: number): Int32Array {
  const points: number[] = [];
  for (let index = first; index < last; index += 1 + Math.floor(Math.abs(index) * growth)) points.push(index);
  points.push(last);
  return Int32Array.from(points);
}

/**
 * The least pessimistic distribution on a grid whose profile is nowhere below the given one: the profile is a convex
 * function of exp(epsilon), and joining its points on the grid by straight lines is the tightest bound from above that a
 * grid has (Doroshenko, Ghazi, Kamath, Kumar and Manurangsi 2022, "Connect the Dots", section 4). Dominating
 * distributions stay dominating when they are composed.
 *
 * @param step above 0
 * @param lowest and `highest`: bounds of the grid; what lies below is moved up to the lowest point, what lies above
 *   becomes infinite
 */
export function connectDots(profile: Profile, step: number, lowest: number, highest: number): LossGrid {
  const first = Math.floor(lowest / step);
  const index = placePoints(first, Math.max(Math.ceil(highest / step), first + 1));
  const size = index.length;
  const deltas = Float64Array.from(index, (point) => profile(point * step));
  const mass = new Float64Array(size);
  const infinite = deltas[size - 1] as number;
  // Slopes of the joined lines in exp(epsilon), times exp(epsilon): the differences at a point are its mass.
  let finite = 0;
  for (let k = 1; k < size; k++) {
    const backward = ((index[k] as number) - (index[k - 1] as number)) * step;
    const before = ((deltas[k - 1] as number) - (deltas[k] as number)) / -Math.expm1(-backward);
    const forward = k + 1 < size ? ((index[k + 1] as number) - (index[k] as number)) * step : 1;
    const after = k + 1 < size ? ((deltas[k] as number) - (deltas[k + 1] as number)) / Math.expm1(forward) : 0;
    // Rounding may turn a mass that is next to nothing negative.
    const here = Math.max(0, before - after);
    mass[k] = here;
    finite += here;
  }
  mass[0] = Math.max(0, 1 - infinite - finite);
  return { step, index, mass, infinite };
}
