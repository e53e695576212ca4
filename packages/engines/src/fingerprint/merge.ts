import { DeepwrightError } from "@deepwright/core";
import type { DataFingerprint } from "../engine.js";
import { formatSum, parseSum } from "./row-sum.js";
import { addSequences, emptySequence, formatSequence, parseSequence, shiftSequence } from "./sequence.js";

/**
 * The fingerprint of several parts one after the other, without reading them again. Equal to the fingerprint of the
 * whole, except that a part's partition names must tell apart what the whole's would.
 *
 * @param parts at least one, all with the same columns; in the order of the rows where `order` matters
 * @throws DeepwrightError `FINGERPRINTS_NOT_MERGEABLE`
 */
export function mergeFingerprints(parts: readonly DataFingerprint[]): DataFingerprint {
  const [first] = parts;
  if (first === undefined) throw notMergeable("at least one fingerprint", "none");
  const other = parts.find((part) => part.schema !== first.schema);
  if (other !== undefined) {
    throw notMergeable("parts with the same columns", `${columnList(first)} and ${columnList(other)}`);
  }
  const ordered = parts.every((part) => part.order !== null);
  const partitions = new Map<string, { rowCount: number; rows: bigint }>();
  let rowCount = 0;
  let rows = 0n;
  let sequence = emptySequence;
  for (const part of parts) {
    if (ordered) sequence = addSequences(sequence, shiftSequence(parseSequence(part.order ?? ""), rowCount));
    rowCount += part.rowCount;
    rows += parseSum(part.rows);
    for (const [name, partition] of Object.entries(part.partitions)) {
      const sum = partitions.get(name) ?? { rowCount: 0, rows: 0n };
      partitions.set(name, { rowCount: sum.rowCount + partition.rowCount, rows: sum.rows + parseSum(partition.rows) });
    }
  }
  const names = [...partitions.keys()].sort();
  return {
    rowCount,
    rows: formatSum(rows),
    order: ordered ? formatSequence(sequence) : null,
    schema: first.schema,
    columns: Object.fromEntries(
      Object.keys(first.columns).map((name) => [
        name,
        formatSum(parts.reduce((sum, part) => sum + parseSum(part.columns[name] ?? "0"), 0n)),
      ]),
    ),
    partitions: Object.fromEntries(
      names.map((name) => {
        const partition = partitions.get(name) ?? { rowCount: 0, rows: 0n };
        return [name, { rowCount: partition.rowCount, rows: formatSum(partition.rows) }];
      }),
    ),
    snapshot: parts.length === 1 ? first.snapshot : null,
  };
}

const columnList = (part: DataFingerprint): string => `[${Object.keys(part.columns).join(", ")}]`;

function notMergeable(expected: string, got: string): DeepwrightError {
  return new DeepwrightError({
    code: "FINGERPRINTS_NOT_MERGEABLE",
    expected,
    got,
    todo: "Merge fingerprints of parts of one data set only.",
  });
}
