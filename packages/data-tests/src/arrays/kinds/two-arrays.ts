import { z } from "zod";
import type { ArrayVariable } from "../array-file.js";
import { decode } from "../scan/decode.js";
import type { Grid } from "../scan/grid.js";
import type { SampleRow, Samples } from "../scan/samples.js";
import type { Block, Outcome, ScanCheck } from "../scan/scan-check.js";
import { ArrayFault, arrayKind, elementShape, type OtherArrays, variableShape } from "./array-kind.js";

const otherShape = {
  /** Name of the other array file in `sources` of the suite. */
  other: z.string().min(1),
  /** Array of that file. Default: the only one that is no coordinate. */
  otherVariable: z.string().min(1).optional(),
} as const;

export const alignedWith = arrayKind({
  expects:
    "another array to lie on the same grid: the same lengths and coordinates of the dimensions that both have, the same CRS; `tolerance` as a fraction of a step, 1e-3 by default",
  options: z.strictObject({ ...variableShape, ...otherShape, tolerance: z.number().min(0).max(1).optional() }),
  async plan({ variable: name, other: otherName, otherVariable, tolerance = 1e-3 }, context) {
    const variable = context.variable(name);
    const other = context.other(otherName);
    const opposite = other.variable(otherVariable);
    const sample: SampleRow[] = [];
    const [crs, otherCrs] = [context.file.raster?.crs ?? null, other.file.raster?.crs ?? null];
    const bothLie = context.file.raster !== null && other.file.raster !== null;
    if (bothLie && crs !== otherCrs) sample.push({ what: "crs", here: crs, there: otherCrs });
    const shared = variable.dimensions.filter((dimension) => opposite.dimensions.includes(dimension));
    if (shared.length === 0) throw new ArrayFault("NOT_ANSWERABLE", "the two arrays share no dimension");
    for (const dimension of shared) {
      const here = variable.shape[variable.dimensions.indexOf(dimension)] as number;
      const there = opposite.shape[opposite.dimensions.indexOf(dimension)] as number;
      if (here !== there) sample.push({ what: `length of ${dimension}`, here, there });
      else sample.push(...(await differingCoordinates(dimension, context, other, tolerance)));
    }
    return {
      by: "facts",
      about: [variable.name],
      expected: `${JSON.stringify(variable.name)} to lie on the grid of ${JSON.stringify(otherName)}`,
      outcome: {
        passed: sample.length === 0,
        observed: sample.length,
        considered: shared.length + (bothLie ? 1 : 0),
        failing: sample.length,
        sample,
        unit: "property",
      },
    };
  },
});

/** The first coordinate that differs by more than a part of a step. */
async function differingCoordinates(
  dimension: string,
  context: Pick<OtherArrays, "file" | "coordinates">,
  other: OtherArrays,
  tolerance: number,
): Promise<SampleRow[]> {
  const has = ({ file }: Pick<OtherArrays, "file">): boolean => file.variables.has(dimension);
  if (!has(context) && !has(other)) return [];
  if (!has(context) || !has(other))
    return [{ what: `coordinates of ${dimension}`, here: has(context), there: has(other) }];
  const [here, there] = [await context.coordinates(dimension), await other.coordinates(dimension)];
  const offset = here.time?.stepMs != null && there.time?.stepMs != null ? timeShift(here.time, there.time) : null;
  const step = here.values.length > 1 ? Math.abs((here.values[1] as number) - (here.values[0] as number)) : 1;
  for (const [index, value] of here.values.entries()) {
    const opposite = offset === null ? (there.values[index] as number) : offset(there.values[index] as number);
    if (!(Math.abs(value - opposite) <= tolerance * step)) {
      return [{ what: `coordinates of ${dimension}`, index, here: value, there: opposite }];
    }
  }
  return [];
}

type Time = { readonly stepMs: number | null; readonly sinceMs: number };

/** Numbers of one time axis as numbers of another. */
function timeShift(into: Time, from: Time): (value: number) => number {
  const [intoStep, fromStep] = [into.stepMs ?? 1, from.stepMs ?? 1];
  return (value) => (from.sinceMs + value * fromStep - into.sinceMs) / intoStep;
}

/** Compares boxes with the same boxes of another array. */
class MatchCheck implements ScanCheck {
  readonly #other: ArrayVariable;
  readonly #decoding: ReturnType<OtherArrays["decoding"]>;
  readonly #grid: Grid;
  readonly #samples: Samples;
  readonly #tolerance: number;
  readonly #mostly: number;
  #considered = 0;
  #failing = 0;

  constructor(
    other: ArrayVariable,
    decoding: ReturnType<OtherArrays["decoding"]>,
    grid: Grid,
    samples: Samples,
    { tolerance, mostly }: { readonly tolerance: number; readonly mostly: number },
  ) {
    this.#other = other;
    this.#decoding = decoding;
    this.#grid = grid;
    this.#samples = samples;
    this.#tolerance = tolerance;
    this.#mostly = mostly;
  }

  async visit({ region, count, values, missing, selected }: Block): Promise<void> {
    const { values: raw } = await this.#other.read(region);
    const theirs = new Float64Array(count);
    const theirMissing = new Uint8Array(count);
    decode(raw, this.#decoding, theirs, theirMissing, this.#other.name);
    for (let index = 0; index < count; index++) {
      if (selected !== null && selected[index] === 0) continue;
      this.#considered += 1;
      const [here, there] = [values[index] as number, theirs[index] as number];
      const bothMissing = missing[index] === 1 && theirMissing[index] === 1;
      const sameKind = missing[index] === theirMissing[index];
      const near = Object.is(here, there) || here === there || Math.abs(here - there) <= this.#tolerance;
      if (bothMissing || (sameKind && near)) continue;
      this.#failing += 1;
      const place = this.#grid.placeOf(region, index);
      this.#samples.addElement(place, () => ({ ...this.#grid.row(this.#grid.indexesOf(place)), here, there }));
    }
  }

  finish(): Outcome {
    const good = this.#considered - this.#failing;
    return {
      passed: good >= this.#mostly * this.#considered,
      observed: this.#considered === 0 ? null : good / this.#considered,
      considered: this.#considered,
      failing: this.#failing,
      sample: this.#samples.rows(),
      unit: "element",
    };
  }
}

const { nulls: _, ...matchShape } = elementShape;

export const matchesArray = arrayKind({
  expects:
    "every value to equal the one of another array, within a tolerance: training path against serving path, copy against original",
  options: z.strictObject({ ...matchShape, ...otherShape, tolerance: z.number().min(0).optional() }),
  async plan({ variable: name, other: otherName, otherVariable, tolerance = 0, mostly = 1, region }, context) {
    const variable = context.variable(name);
    const other = context.other(otherName);
    const opposite = other.variable(otherVariable);
    if (variable.shape.join() !== opposite.shape.join()) {
      const shapes = `${variable.shape.join(" x ")} and ${opposite.shape.join(" x ")}`;
      throw new ArrayFault("NOT_ANSWERABLE", `the two arrays have the shapes ${shapes}`);
    }
    const grid = await context.grid(variable);
    const check = new MatchCheck(opposite, other.decoding(opposite), grid, context.samples(variable), {
      tolerance,
      mostly,
    });
    const near = tolerance === 0 ? "equal" : `differ by at most ${tolerance} from`;
    const expected = `${JSON.stringify(variable.name)} to ${near} ${JSON.stringify(otherName)}`;
    return { by: "scan", variable, axis: null, region, expected, check };
  },
});
