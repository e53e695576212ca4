import { z } from "zod";
import type { Region } from "../array-file.js";
import type { Grid } from "../scan/grid.js";
import type { Samples } from "../scan/samples.js";
import { axisSteps, type Block, type Outcome, type ScanCheck } from "../scan/scan-check.js";
import { alongShape, arrayKind, scanShape } from "./array-kind.js";

/** Follows every cell along an axis; what it keeps, it keeps for the cells of one column of boxes. */
abstract class CellCheck implements ScanCheck {
  protected readonly grid: Grid;
  protected readonly axis: number;
  protected readonly samples: Samples;
  protected considered = 0;
  protected failing = 0;
  #cells = 0;

  constructor(grid: Grid, axis: number, samples: Samples) {
    this.grid = grid;
    this.axis = axis;
    this.samples = samples;
  }

  visit(block: Block): void {
    const { outer, length, inner } = axisSteps(block.region.shape, this.axis);
    const { values, missing, selected, region } = block;
    if (block.startsColumn) {
      this.endColumn(this.#cells);
      this.#cells = outer * inner;
      this.startColumn(this.#cells);
    }
    const first = region.origin[this.axis] as number;
    for (let before = 0, index = 0; before < outer; before++) {
      for (let step = 0; step < length; step++) {
        for (let after = 0; after < inner; after++, index++) {
          if (selected !== null && selected[index] === 0) continue;
          const value = missing[index] === 1 ? Number.NaN : (values[index] as number);
          this.step(before * inner + after, first + step, value, region, index);
        }
      }
    }
  }

  finish(): Outcome {
    this.endColumn(this.#cells);
    const { considered, failing } = this;
    return {
      passed: failing === 0,
      observed: failing,
      considered,
      failing,
      sample: this.samples.rows(),
      unit: this.unit,
    };
  }

  protected abstract readonly unit: string;
  protected abstract startColumn(cells: number): void;
  /**
   * @param value NaN where there is none
   * @param local place within the box
   */
  protected abstract step(cell: number, index: number, value: number, region: Region, local: number): void;
  protected abstract endColumn(cells: number): void;
}

/** Cells that repeat one value. */
class FrozenCheck extends CellCheck {
  protected readonly unit = "cell";
  readonly #longest: number | null;
  #value = new Float64Array(0);
  #run = new Float64Array(0);
  #best = new Float64Array(0);
  #bestStart = new Float64Array(0);
  #bestValue = new Float64Array(0);
  #present = new Float64Array(0);
  #changed = new Uint8Array(0);
  #place = new Float64Array(0);

  /** @param longest steps that a value may repeat itself at most; `null`: only not all the time */
  constructor(grid: Grid, axis: number, samples: Samples, longest: number | null) {
    super(grid, axis, samples);
    this.#longest = longest;
  }

  protected startColumn(cells: number): void {
    this.#value = new Float64Array(cells).fill(Number.NaN);
    this.#run = new Float64Array(cells);
    this.#best = new Float64Array(cells);
    this.#bestStart = new Float64Array(cells);
    this.#bestValue = new Float64Array(cells);
    this.#present = new Float64Array(cells);
    this.#changed = new Uint8Array(cells);
    this.#place = new Float64Array(cells).fill(-1);
  }

  protected step(cell: number, index: number, value: number, region: Region, local: number): void {
    if ((this.#place[cell] as number) < 0) this.#place[cell] = this.grid.placeOf(region, local);
    if (Number.isNaN(value)) {
      // A gap ends a run; whether a cell ever changes is asked of the values that are there.
      this.#run[cell] = 0;
      return;
    }
    this.#present[cell] = (this.#present[cell] as number) + 1;
    const before = this.#value[cell] as number;
    if (!Number.isNaN(before) && before !== value) this.#changed[cell] = 1;
    const run = before === value ? (this.#run[cell] as number) + 1 : 1;
    this.#run[cell] = run;
    this.#value[cell] = value;
    if (run > (this.#best[cell] as number)) {
      this.#best[cell] = run;
      this.#bestStart[cell] = index - run + 1;
      this.#bestValue[cell] = value;
    }
  }

  protected endColumn(cells: number): void {
    for (let cell = 0; cell < cells; cell++) {
      const present = this.#present[cell] as number;
      if (present < 2) continue;
      this.considered += 1;
      const best = this.#best[cell] as number;
      const isFrozen = this.#longest === null ? this.#changed[cell] === 0 : best > this.#longest;
      if (!isFrozen) continue;
      this.failing += 1;
      const place = this.#place[cell] as number;
      const [from, value] = [this.#bestStart[cell] as number, this.#bestValue[cell] as number];
      this.samples.addCell(place, this.axis, () => ({
        ...this.grid.row(this.grid.indexesOf(place), this.axis),
        value,
        ...(this.#longest === null ? { steps: present } : { from, steps: best }),
      }));
    }
  }
}

/** Values that lie too far from the one before them. */
class JumpCheck extends CellCheck {
  protected readonly unit = "step";
  readonly #most: number;
  #before = new Float64Array(0);

  constructor(grid: Grid, axis: number, samples: Samples, most: number) {
    super(grid, axis, samples);
    this.#most = most;
  }

  protected startColumn(cells: number): void {
    this.#before = new Float64Array(cells).fill(Number.NaN);
  }

  protected step(cell: number, _index: number, value: number, region: Region, local: number): void {
    const before = this.#before[cell] as number;
    this.#before[cell] = value;
    if (Number.isNaN(before) || Number.isNaN(value)) return;
    this.considered += 1;
    // Between two equal infinities there is no step.
    if (value === before || Math.abs(value - before) <= this.#most) return;
    this.failing += 1;
    const at = this.grid.placeOf(region, local);
    this.samples.addElement(at, () => ({ ...this.grid.row(this.grid.indexesOf(at)), before, value }));
  }

  protected endColumn(): void {}
}

export const notFrozen = arrayKind({
  expects:
    "no cell to repeat one value along a dimension all the time, or for more than `longest` steps in a row; missing values end a row",
  options: z.strictObject({ ...scanShape, ...alongShape, longest: z.int().min(1).optional() }),
  async plan({ variable: name, along, longest, region }, context) {
    const variable = context.variable(name);
    const axis = context.dimension(variable, along);
    const check = new FrozenCheck(await context.grid(variable), axis, context.samples(variable), longest ?? null);
    const rest = longest === undefined ? "to change" : `to repeat a value for at most ${longest} steps`;
    const expected = `cells of ${JSON.stringify(variable.name)} along ${variable.dimensions[axis]} ${rest}`;
    return { by: "scan", variable, axis, region, expected, check };
  },
});

export const jumpsAtMost = arrayKind({
  expects: "neighboring values along a dimension to differ by at most this",
  options: z.strictObject({ ...scanShape, ...alongShape, max: z.number().min(0) }),
  async plan({ variable: name, along, max, region }, context) {
    const variable = context.variable(name);
    const axis = context.dimension(variable, along);
    const check = new JumpCheck(await context.grid(variable), axis, context.samples(variable), max);
    const expected = `steps of ${JSON.stringify(variable.name)} along ${variable.dimensions[axis]} to be at most ${max}`;
    return { by: "scan", variable, axis, region, expected, check };
  },
});
