import type { ValueBounds } from "./data-set.js";
import { invalidArgument } from "./errors.js";

/** A bounded number as whole steps: noise is drawn in integers, so values are integers before it is added. */
export interface ValueGrid {
  readonly step: number;
  /** Bounds in the unit of the column. */
  readonly lower: number;
  readonly upper: number;
  /** The same in steps. */
  readonly least: number;
  readonly most: number;
}

/** Squares of steps, and sums of a person's squares, are to stay below 2^53. */
const mostSteps = 1e7;

/** @throws DeepwrightError `INVALID_ARGUMENT` */
export function valueGrid(column: string, bounds: ValueBounds): ValueGrid {
  const { lower, upper } = bounds;
  const name = JSON.stringify(column);
  if (!Number.isFinite(lower) || !Number.isFinite(upper) || !(lower < upper)) {
    throw invalidArgument(`finite bounds of ${name}, the lower below the upper`, `${lower} and ${upper}`);
  }
  const reach = Math.max(Math.abs(lower), Math.abs(upper));
  const step = bounds.step ?? Number(`1e${Math.floor(Math.log10(reach)) - 4}`);
  if (!(step >= 1e-12 && step <= 1e12)) throw invalidArgument(`a step of ${name} from 1e-12 to 1e12`, step);
  const [least, most] = [inSteps(lower, step), inSteps(upper, step)];
  if (!(reach / step <= mostSteps)) {
    throw invalidArgument(
      `bounds of ${name} within ${mostSteps} steps of ${step}`,
      `${lower} and ${upper}`,
      "Take a larger step or narrower bounds",
    );
  }
  if (least >= most)
    throw invalidArgument(`bounds of ${name} more than a step of ${step} apart`, `${lower} and ${upper}`);
  return { step, lower, upper, least, most };
}

/** The nearest whole number of steps; the engines compute the same, operation by operation. */
export const inSteps = (value: number, step: number): number => Math.floor(value / step + 0.5);
