import type { FingerprintGroup } from "../../fingerprint/accumulate.js";
import { blockBits } from "../../fingerprint/sequence.js";

/** A group of rows of one run: rows that the scan numbered one after the other. */
export interface RunGroup extends FingerprintGroup {
  readonly run: string;
}

/**
 * Groups with the place of their blocks in the whole scan: runs follow each other in the order of their names (by UTF-16
 * code units), and each begins behind the rows of those before it.
 */
export function placeRuns(groups: readonly RunGroup[]): FingerprintGroup[] {
  const runs = new Map<string, { rowCount: number; first: number }>();
  for (const { run, rowCount, firstPosition } of groups) {
    const known = runs.get(run) ?? { rowCount: 0, first: Number.POSITIVE_INFINITY };
    runs.set(run, { rowCount: known.rowCount + rowCount, first: Math.min(known.first, firstPosition) });
  }
  const shifts = new Map<string, number>();
  let before = 0;
  for (const [name, { rowCount, first }] of [...runs].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))) {
    shifts.set(name, before - first);
    before += rowCount;
  }
  return groups.map(({ run, ...group }) => {
    const shift = shifts.get(run) ?? 0;
    return { ...group, blockPlace: group.block * 2 ** blockBits + shift, firstPosition: group.firstPosition + shift };
  });
}
