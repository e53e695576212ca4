import { type ArrayVariable, elementCount } from "../array-file.js";
import { arrayTooLarge } from "../errors.js";
import { planBlocks } from "./block-plan.js";
import { type Decoding, decode } from "./decode.js";
import type { ScanCheck } from "./scan-check.js";
import { type Selection, selectedElements } from "./selection.js";

/** Bytes that an element of a box takes beside its raw value: decoded, and flags. */
const bytesOfValue = 18;

/** Bytes that are planned for an element of a box: raw and decoded value, flags, a chunk that is unpacked, what checks keep of a cell. */
const bytesOfElement = 128;

export interface SelectedCheck {
  readonly check: ScanCheck;
  readonly selection: Selection | null;
}

/**
 * Reads a variable once, box by box, for all checks together.
 *
 * @param path of its file, for errors
 * @param memory bytes
 * @throws DeepwrightError `ARRAY_TOO_LARGE` where one chunk does not fit
 */
export async function scanVariable(
  variable: ArrayVariable,
  axis: number | null,
  decoding: Decoding,
  checks: readonly SelectedCheck[],
  path: string,
  memory: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const budget = Math.max(1, Math.floor(memory / bytesOfElement));
  let values = new Float64Array(0);
  let missing = new Uint8Array(0);
  let flags = new Uint8Array(0);
  for (const region of planBlocks(variable.shape, variable.chunkShape, axis, budget)) {
    signal?.throwIfAborted();
    const count = elementCount(region.shape);
    const bytes = count * (variable.itemSize + bytesOfValue);
    if (bytes > memory) throw arrayTooLarge(path, `one chunk of ${variable.name}`, bytes, memory);
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
