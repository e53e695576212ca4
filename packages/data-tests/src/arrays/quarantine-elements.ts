import { mkdir, open } from "node:fs/promises";
import { join } from "node:path";
import type { QuarantinedRows } from "../reports/test-report.js";
import { quarantineName } from "../suite/quarantine-name.js";
import { elementCount } from "./array-file.js";
import type { JudgedArrays } from "./run-array-suite.js";
import { FailingMask } from "./scan/failing-mask.js";

/**
 * Writes which elements are good and which are bad: for each array with bad ones a mask of its shape, 1 for good (in `good`) and 1 for bad (in
 * `bad`), as `.npy` of 8-bit integers. Bad are those that break a failed expectation of severity `error`.
 *
 * @param place a folder, made where it is absent
 */
export async function quarantineElements({ result, masks }: JudgedArrays, place: string): Promise<QuarantinedRows> {
  const base = join(place, quarantineName(result.suite, result.startedAtMs));
  const [good, bad] = [`${base}.good`, `${base}.bad`];
  const merged = new Map<string, FailingMask>();
  const undivided: string[] = [];
  for (const [index, { passed, severity, id }] of result.results.entries()) {
    if (passed || severity !== "error") continue;
    const found = masks[index];
    if (found == null) undivided.push(id);
    else {
      const all = merged.get(found.variable) ?? new FailingMask(found.mask.shape);
      all.add(found.mask);
      merged.set(found.variable, all);
    }
  }
  let [elements, badCount] = [0, 0];
  await mkdir(good, { recursive: true });
  await mkdir(bad, { recursive: true });
  for (const [variable, mask] of merged) {
    const name = `${variable.replace(/[^\p{L}\p{N}_-]+/gu, "-")}.npy`;
    await writeMask(join(good, name), mask, false);
    await writeMask(join(bad, name), mask, true);
    elements += elementCount(mask.shape);
    badCount += mask.count();
  }
  return { good, bad, goodCount: elements - badCount, badCount, undivided };
}

const partLength = 1024 ** 2;

async function writeMask(path: string, mask: FailingMask, marked: boolean): Promise<void> {
  const { shape } = mask;
  const handle = await open(path, "wx");
  try {
    const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
    const dictionary = `{'descr': '|u1', 'fortran_order': False, 'shape': ${tuple}, }`;
    const header = Buffer.from(`${dictionary.padEnd(Math.ceil((dictionary.length + 11) / 64) * 64 - 11)}\n`, "latin1");
    const start = Buffer.from("\x93NUMPY\x01\x00\0\0", "latin1");
    start.writeUInt16LE(header.length, 8);
    await handle.write(Buffer.concat([start, header]));
    const count = elementCount(shape);
    for (let first = 0; first < count; first += partLength) {
      const part = new Uint8Array(Math.min(partLength, count - first));
      for (let index = 0; index < part.length; index++) part[index] = mask.has(first + index) === marked ? 1 : 0;
      await handle.write(part);
    }
  } finally {
    await handle.close();
  }
}
