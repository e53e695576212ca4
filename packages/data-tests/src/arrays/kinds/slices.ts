import { z } from "zod";
import type { Grid } from "../scan/grid.js";
import type { Samples } from "../scan/samples.js";
import { axisSteps, type Block, type Outcome, type ScanCheck } from "../scan/scan-check.js";
import { alongShape, arrayKind, scanShape } from "./array-kind.js";

/** A slice in a few numbers: a sum over its elements of hashes of place and value, so that the order of boxes does not matter. */
interface SliceState {
  readonly low: Uint32Array;
  readonly high: Uint32Array;
  readonly present: Float64Array;
  readonly looked: Float64Array;
  readonly min: Float64Array;
  readonly max: Float64Array;
}

const scratch = new DataView(new ArrayBuffer(8));

/** The finalizer of MurmurHash3 (Appleby, 2011). */
function mix(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

abstract class SliceCheck implements ScanCheck {
  protected readonly grid: Grid;
  protected readonly axis: number;
  protected readonly samples: Samples;
  protected readonly state: SliceState;
  readonly #hashes: boolean;

  constructor(grid: Grid, axis: number, samples: Samples, hashes: boolean) {
    const length = grid.shape[axis] as number;
    this.grid = grid;
    this.axis = axis;
    this.samples = samples;
    this.#hashes = hashes;
    this.state = {
      low: new Uint32Array(hashes ? length : 0),
      high: new Uint32Array(hashes ? length : 0),
      present: new Float64Array(length),
      looked: new Float64Array(length),
      min: new Float64Array(length).fill(Number.POSITIVE_INFINITY),
      max: new Float64Array(length).fill(Number.NEGATIVE_INFINITY),
    };
  }

  visit({ region, values, missing, selected }: Block): void {
    const { outer, length, inner } = axisSteps(region.shape, this.axis);
    const { present, looked, min, max, low, high } = this.state;
    const first = region.origin[this.axis] as number;
    for (let before = 0, index = 0; before < outer; before++) {
      for (let step = 0; step < length; step++) {
        const slice = first + step;
        for (let after = 0; after < inner; after++, index++) {
          if (selected !== null && selected[index] === 0) continue;
          looked[slice] = (looked[slice] as number) + 1;
          const value = values[index] as number;
          const isThere = missing[index] === 0 && !Number.isNaN(value);
          if (isThere) {
            present[slice] = (present[slice] as number) + 1;
            if (value < (min[slice] as number)) min[slice] = value;
            if (value > (max[slice] as number)) max[slice] = value;
          }
          if (!this.#hashes) continue;
          const cell = this.#cell(region, before, after, inner);
          scratch.setFloat64(0, isThere ? value + 0 : Number.NaN);
          const one = mix(scratch.getUint32(0) ^ mix(cell ^ 0x9e3779b9));
          const two = mix(scratch.getUint32(4) ^ mix(one ^ Math.floor(cell / 2 ** 32)));
          low[slice] = (low[slice] as number) + mix(one ^ two);
          high[slice] = (high[slice] as number) + mix(two + 0x7f4a7c15);
        }
      }
    }
  }

  /** Place of a cell within its slice of the whole array. */
  #cell({ origin, shape }: Block["region"], before: number, after: number, inner: number): number {
    if (this.#fast(shape, inner)) return before * inner + after;
    let [restBefore, restAfter, place, stride] = [before, after, 0, 1];
    for (let dimension = shape.length - 1; dimension >= 0; dimension--) {
      if (dimension === this.axis) continue;
      const length = shape[dimension] as number;
      const rest = dimension > this.axis ? restAfter : restBefore;
      const index = rest % length;
      if (dimension > this.axis) restAfter = (rest - index) / length;
      else restBefore = (rest - index) / length;
      place += (index + (origin[dimension] as number)) * stride;
      stride *= this.grid.shape[dimension] as number;
    }
    return place;
  }

  /** The box holds whole slices. */
  #fast(shape: readonly number[], inner: number): boolean {
    return (
      inner > 0 && shape.every((length, dimension) => dimension === this.axis || length === this.grid.shape[dimension])
    );
  }

  abstract finish(): Outcome;

  protected outcome(failing: number, considered: number): Outcome {
    return {
      passed: failing === 0,
      observed: failing,
      considered,
      failing,
      sample: this.samples.rows(),
      unit: "slice",
    };
  }
}

/** Slices that are equal cell by cell, by 64 bits of hash: two that differ are taken for equal with a probability of 2^-64. */
class UniqueCheck extends SliceCheck {
  constructor(grid: Grid, axis: number, samples: Samples) {
    super(grid, axis, samples, true);
  }

  finish(): Outcome {
    const { low, high, present } = this.state;
    const seen = new Map<string, number>();
    let [failing, considered] = [0, 0];
    for (let slice = 0; slice < present.length; slice++) {
      // Slices without any value are alike, and others' business.
      if (present[slice] === 0) continue;
      considered += 1;
      const hash = `${low[slice]}:${high[slice]}:${present[slice]}`;
      const first = seen.get(hash);
      if (first === undefined) {
        seen.set(hash, slice);
        continue;
      }
      failing += 1;
      this.samples.addSlice(this.axis, slice, () => ({ ...this.grid.sliceRow(this.axis, slice), same_as: first }));
    }
    return this.outcome(failing, considered);
  }
}

/** Slices that hold one value everywhere. */
class VaryCheck extends SliceCheck {
  constructor(grid: Grid, axis: number, samples: Samples) {
    super(grid, axis, samples, false);
  }

  finish(): Outcome {
    const { present, looked, min, max } = this.state;
    let [failing, considered] = [0, 0];
    for (let slice = 0; slice < present.length; slice++) {
      if ((looked[slice] as number) === 0) continue;
      considered += 1;
      const isEmpty = present[slice] === 0;
      if (!isEmpty && (min[slice] as number) < (max[slice] as number)) continue;
      failing += 1;
      const value = isEmpty ? null : (min[slice] as number) + 0;
      this.samples.addSlice(this.axis, slice, () => ({ ...this.grid.sliceRow(this.axis, slice), value }));
    }
    return this.outcome(failing, considered);
  }
}

const options = z.strictObject({ ...scanShape, ...alongShape });

const sliceKind = (
  expects: string,
  what: string,
  Check: new (grid: Grid, axis: number, samples: Samples) => ScanCheck,
) =>
  arrayKind({
    expects,
    options,
    async plan({ variable: name, along, region }, context) {
      const variable = context.variable(name);
      const axis = context.dimension(variable, along);
      const grid = await context.grid(variable);
      const expected = `slices of ${JSON.stringify(variable.name)} along ${variable.dimensions[axis]} to ${what}`;
      return {
        by: "scan",
        variable,
        axis: null,
        region,
        expected,
        check: new Check(grid, axis, context.samples(variable)),
      };
    },
  });

export const slicesUnique = sliceKind(
  "no slice along a dimension to repeat another cell by cell; slices without any value are not looked at",
  "be unique",
  UniqueCheck,
);

export const slicesVary = sliceKind(
  "every slice along a dimension to hold at least two different values: no blank frames, no slices without data",
  "hold different values",
  VaryCheck,
);
