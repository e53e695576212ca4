import { type ArrayVariable, elementCount } from "../array-file.js";
import { planBlocks } from "./block-plan.js";
import { type Decoding, decode } from "./decode.js";
import type { ScanCheck } from "./scan-check.js";
import { type Selection, selectedElements } from "./selection.js";

/** Bytes that are kept at most for an element of a box: raw and decoded value, flags, a chunk that is unpacked, what checks keep of a cell. */
export const bytesOfElement = 128;

export interface SelectedCheck {
  readonly check: ScanCheck;
  readonly selection: Selection | null;
}

/** Reads a variable once, box by box, for all checks together. */
export async function scanVariable(
  variable: ArrayVariable,
  axis: number | null,
  decoding: Decoding,
  checks: readonly SelectedCheck[],
  budget: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  let values = new Float64Array(0);
  let missing = new Uint8Array(0);
  let flags = new Uint8Array(0);
  for (const region of planBlocks(variable.shape, variable.chunkShape, axis, budget)) {
    signal?.throwIfAborted();
    const count = elementCount(region.shape);
    if (values.length < count) {
      values = new Float64Array(count);
      missing = new Uint8Array(count);
    }
    const { values: raw, absentChunks } = await variable.read(region, signal);
    decode(raw, decoding, values, missing, variable.name);
    const startsColumn = axis !== null && region.origin[axis] === 0;
    for (const { check, selection } of checks) {
      let selected: Uint8Array | null = null;
      if (selection !== null) {
        if (flags.length < count) flags = new Uint8Array(count);
        selected = selectedElements(selection, region, flags.subarray(0, count));
      }
      await check.visit({ region, count, values, missing, selected, absentChunks, startsColumn });
    }
  }
}
