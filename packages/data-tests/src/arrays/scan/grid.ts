import type { Region } from "../array-file.js";
import { cOrderStrides } from "../formats/copy-box.js";
import { type Coordinates, coordinateText } from "./coordinates.js";
import type { SampleRow } from "./samples.js";

/** The shape of an array with the names and coordinates of its dimensions: turns places into what people read. */
export class Grid {
  readonly shape: readonly number[];
  readonly dimensions: readonly string[];
  readonly #coordinates: ReadonlyMap<string, Coordinates>;
  readonly #strides: readonly number[];

  constructor(shape: readonly number[], dimensions: readonly string[], coordinates: ReadonlyMap<string, Coordinates>) {
    this.shape = shape;
    this.dimensions = dimensions;
    this.#coordinates = coordinates;
    this.#strides = cOrderStrides(shape);
  }

  /** Place in C order within the array of the element at a place within a box. */
  placeOf(region: Region, local: number): number {
    let rest = local;
    let place = 0;
    for (let dimension = this.shape.length - 1; dimension >= 0; dimension--) {
      const length = region.shape[dimension] as number;
      const index = rest % length;
      rest = (rest - index) / length;
      place += (index + (region.origin[dimension] as number)) * (this.#strides[dimension] as number);
    }
    return place;
  }

  indexesOf(place: number): number[] {
    let rest = place;
    return this.#strides.map((stride) => {
      const index = Math.floor(rest / stride);
      rest -= index * stride;
      return index;
    });
  }

  /** The indexes by dimension, then where that is. @param without a dimension that the row is not about */
  row(indexes: readonly number[], without: number | null = null): SampleRow {
    const row: Record<string, number | string> = {};
    const places: string[] = [];
    for (const [dimension, index] of indexes.entries()) {
      if (dimension === without) continue;
      const name = this.dimensions[dimension] as string;
      row[name] = index;
      const coordinates = this.#coordinates.get(name);
      if (coordinates !== undefined) places.push(`${name} ${coordinateText(coordinates, index)}`);
    }
    if (places.length > 0) row.at = places.join(", ");
    return row;
  }

  /** One index of one dimension. */
  sliceRow(axis: number, index: number): SampleRow {
    const name = this.dimensions[axis] as string;
    const coordinates = this.#coordinates.get(name);
    return { [name]: index, ...(coordinates !== undefined && { at: `${name} ${coordinateText(coordinates, index)}` }) };
  }
}
