import { type ArrayType, elementCount, type RawValues, type Region } from "../array-file.js";
import type { ByteSource } from "./byte-source.js";
import { typedValues } from "./typed-values.js";

/** Where the elements of an array lie in a file, one after the other in C order, but for steps between the first index's slabs. */
export interface Layout {
  readonly shape: readonly number[];
  readonly type: Exclude<ArrayType, "other">;
  readonly itemSize: number;
  readonly littleEndian: boolean;
  /** Byte of the first element. */
  readonly start: number;
  /** Bytes from one index of the first dimension to the next, where they are not adjacent. */
  readonly slabStep?: number;
}

/** Reads a box with one read for each run of adjacent bytes. */
export async function readContiguous(
  file: ByteSource,
  layout: Layout,
  region: Region,
  what: string,
): Promise<RawValues> {
  const { shape, itemSize, type } = layout;
  const bytes = new Uint8Array(elementCount(region.shape) * itemSize);
  const strides = byteStrides(layout);
  // Dimensions that are read as a whole join those after them into one run.
  let runDimension = shape.length;
  let runBytes = itemSize;
  while (runDimension > 0 && strides[runDimension - 1] === runBytes) {
    runDimension -= 1;
    runBytes *= region.shape[runDimension] as number;
    if (region.shape[runDimension] !== shape[runDimension]) break;
  }
  const outer = region.shape.slice(0, runDimension);
  const base = region.origin.reduce(
    (sum, index, dimension) => sum + index * (strides[dimension] as number),
    layout.start,
  );
  const counter = outer.map(() => 0);
  const runs = bytes.length === 0 ? 0 : elementCount(outer);
  for (let run = 0; run < runs; run++) {
    const offset = counter.reduce((sum, index, dimension) => sum + index * (strides[dimension] as number), base);
    await file.read(offset, runBytes, what, bytes.subarray(run * runBytes, (run + 1) * runBytes));
    for (let dimension = outer.length - 1; dimension >= 0; dimension--) {
      counter[dimension] = (counter[dimension] as number) + 1;
      if ((counter[dimension] as number) < (outer[dimension] as number)) break;
      counter[dimension] = 0;
    }
  }
  return typedValues(bytes, type, layout.littleEndian);
}

function byteStrides({ shape, itemSize, slabStep }: Layout): number[] {
  const strides = new Array<number>(shape.length);
  let step = itemSize;
  for (let dimension = shape.length - 1; dimension >= 0; dimension--) {
    strides[dimension] = step;
    step *= shape[dimension] as number;
  }
  if (slabStep !== undefined && shape.length > 0) strides[0] = slabStep;
  return strides;
}
