import type { Region } from "../array-file.js";

/** Numbers of an array by place. */
interface Readable {
  readonly [index: number]: number | bigint;
}

/**
 * Copies the overlap of two boxes of one array.
 *
 * @param from box `source`, element by element `strides` apart
 * @param into box `target`, in C order
 */
export function copyBox(
  from: Readable,
  source: Region,
  strides: readonly number[],
  into: { [index: number]: number | bigint },
  target: Region,
): void {
  const rank = target.shape.length;
  const start = target.origin.map((origin, dimension) => Math.max(origin, source.origin[dimension] as number));
  const lengths = start.map((first, dimension) => {
    const end = (box: Region): number => (box.origin[dimension] as number) + (box.shape[dimension] as number);
    return Math.min(end(source), end(target)) - first;
  });
  if (lengths.some((length) => length <= 0)) return;
  const targetStrides = cOrderStrides(target.shape);
  const offset = (box: Region, steps: readonly number[]): number =>
    start.reduce(
      (sum, first, dimension) => sum + (first - (box.origin[dimension] as number)) * (steps[dimension] as number),
      0,
    );
  const copy = (dimension: number, read: number, write: number): void => {
    if (dimension === rank) {
      into[write] = from[read] as number | bigint;
      return;
    }
    const [readStep, writeStep, length] = [
      strides[dimension] as number,
      targetStrides[dimension] as number,
      lengths[dimension] as number,
    ];
    if (dimension === rank - 1) {
      for (let index = 0; index < length; index++)
        into[write + index * writeStep] = from[read + index * readStep] as number | bigint;
      return;
    }
    for (let index = 0; index < length; index++)
      copy(dimension + 1, read + index * readStep, write + index * writeStep);
  };
  copy(0, offset(source, strides), offset(target, targetStrides));
}

/** Elements from one index to the next, for each dimension. */
export function cOrderStrides(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length);
  let step = 1;
  for (let dimension = shape.length - 1; dimension >= 0; dimension--) {
    strides[dimension] = step;
    step *= shape[dimension] as number;
  }
  return strides;
}

/** Positions in the grid of chunks of those that a region touches, in C order. */
export function* chunksOfRegion(region: Region, chunkShape: readonly number[]): Generator<number[]> {
  const first = region.origin.map((origin, dimension) => Math.floor(origin / (chunkShape[dimension] as number)));
  const last = region.origin.map((origin, dimension) =>
    Math.floor((origin + (region.shape[dimension] as number) - 1) / (chunkShape[dimension] as number)),
  );
  if (region.shape.some((length) => length === 0)) return;
  const place = [...first];
  for (;;) {
    yield [...place];
    let dimension = place.length - 1;
    while (dimension >= 0 && place[dimension] === last[dimension]) {
      place[dimension] = first[dimension] as number;
      dimension -= 1;
    }
    if (dimension < 0) return;
    place[dimension] = (place[dimension] as number) + 1;
  }
}
