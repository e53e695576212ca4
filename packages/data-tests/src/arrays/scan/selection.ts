import type { ArrayVariable, Region } from "../array-file.js";
import { type ArrayContext, ArrayFault, type RegionOption } from "../kinds/array-kind.js";
import { coordinateNumber } from "../kinds/coordinates.js";

/** For each dimension, 1 where an index is looked at; `null`: all of it. */
export type Selection = readonly (Uint8Array | null)[];

/** @throws ArrayFault where the region names a dimension that is not there, or times of a dimension without any */
export async function selectionOf(
  region: RegionOption,
  variable: ArrayVariable,
  context: ArrayContext,
): Promise<Selection> {
  const masks: (Uint8Array | null)[] = variable.shape.map(() => null);
  for (const [name, [first, last]] of Object.entries(region)) {
    const dimension = context.dimension(variable, name);
    const mask = new Uint8Array(variable.shape[dimension] as number);
    if (context.file.variables.has(name)) {
      const coordinates = await context.coordinates(name);
      const [low, high] = [coordinateNumber(coordinates, first), coordinateNumber(coordinates, last)];
      for (let index = 0; index < mask.length; index++) {
        const value = coordinates.values[index] as number;
        if (value >= low && value <= high) mask[index] = 1;
      }
    } else {
      if (typeof first !== "number" || typeof last !== "number") {
        throw new ArrayFault("VARIABLE_MISSING", `there are no coordinates of ${JSON.stringify(name)}`);
      }
      mask.fill(1, Math.max(0, first), Math.max(0, last + 1));
    }
    masks[dimension] = mask;
  }
  return masks;
}

/** 1 for each element of a box that is looked at. */
export function selectedElements(selection: Selection, { origin, shape }: Region, into: Uint8Array): Uint8Array {
  into.fill(1);
  let inner = 1;
  for (let dimension = shape.length - 1; dimension >= 0; dimension--) {
    const length = shape[dimension] as number;
    const mask = selection[dimension];
    if (mask) {
      const first = origin[dimension] as number;
      for (let start = 0, index = 0; start < into.length; start += inner, index = (index + 1) % length) {
        if (mask[first + index] === 0) into.fill(0, start, start + inner);
      }
    }
    inner *= length;
  }
  return into;
}
