import type { DataFingerprint } from "../engine.js";
import type { FingerprintLayout } from "./plan.js";
import { formatSum } from "./row-sum.js";
import {
  addSequences,
  blockBits,
  emptySequence,
  formatSequence,
  type SequenceHash,
  shiftSequence,
} from "./sequence.js";

/** One row of the result of `fingerprintSql`. */
export interface FingerprintGroup {
  readonly partition: string | null;
  readonly block: number;
  readonly firstPosition: number;
  /** Position of the block's begin in the whole scan. Default: that of block 0, 1, ... of a scan that counts through. */
  readonly blockPlace?: number;
  readonly rowCount: number;
  /** Decimal digits; `null` for the sum of no rows. */
  readonly sums: readonly (string | null)[];
}

interface Part {
  rowCount: number;
  rows: bigint;
  firstPosition: number;
  /** The sequence with its positions in the whole scan. */
  sequence: SequenceHash;
}

/** What stays the same while groups come in. */
export interface AccumulateOptions {
  readonly schema: string;
  readonly layout: FingerprintLayout;
  /** Whether partitions are reported; else there is one group without a name. */
  readonly partitioned: boolean;
  /** Whether the whole is the sequence of partitions by name, as of files in a folder, and not the scan's own order. */
  readonly orderByPartition: boolean;
  readonly snapshot: string | null;
  /** Name of a partition as it is reported, from its key in the scan. */
  readonly partitionName: (key: string | null) => string;
}

/** Adds up groups of rows to a fingerprint. */
export function fingerprintAccumulator(options: AccumulateOptions): {
  add(group: FingerprintGroup): void;
  finish(): DataFingerprint;
} {
  const { layout } = options;
  const width = layout.shifts.length;
  const columns: bigint[] = layout.columnNames.map(() => 0n);
  const parts = new Map<string, Part>();

  const digestSum = (group: FingerprintGroup, index: number): bigint =>
    layout.shifts.reduce(
      (sum, shift, part) => sum + (BigInt(group.sums[index * width + part] ?? 0) << BigInt(shift)),
      0n,
    );

  return {
    add(group) {
      const name = options.partitioned ? options.partitionName(group.partition) : "";
      const part = parts.get(name) ?? {
        rowCount: 0,
        rows: 0n,
        firstPosition: Number.POSITIVE_INFINITY,
        sequence: emptySequence,
      };
      part.rowCount += group.rowCount;
      part.rows += digestSum(group, 0);
      part.firstPosition = Math.min(part.firstPosition, group.firstPosition);
      if (layout.ordered) {
        const first = (columns.length + 1) * width;
        const lanes = [0, 1, 2, 3].map((lane) => BigInt(group.sums[first + lane] ?? 0)) as unknown as SequenceHash;
        part.sequence = addSequences(
          part.sequence,
          shiftSequence(lanes, group.blockPlace ?? group.block * 2 ** blockBits),
        );
      }
      columns.forEach((sum, index) => {
        columns[index] = sum + digestSum(group, index + 1);
      });
      parts.set(name, part);
    },
    finish() {
      const named = [...parts].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
      let sequence = emptySequence;
      let rowCount = 0;
      let rows = 0n;
      for (const [, part] of named) {
        const places = options.orderByPartition && part.rowCount > 0 ? rowCount - part.firstPosition : 0;
        sequence = addSequences(sequence, shiftSequence(part.sequence, places));
        rowCount += part.rowCount;
        rows += part.rows;
      }
      const partitions = named.map(
        ([name, part]) => [name, { rowCount: part.rowCount, rows: formatSum(part.rows) }] as const,
      );
      return {
        rowCount,
        rows: formatSum(rows),
        order: layout.ordered ? formatSequence(sequence) : null,
        schema: options.schema,
        columns: Object.fromEntries(layout.columnNames.map((name, index) => [name, formatSum(columns[index] ?? 0n)])),
        partitions: options.partitioned ? Object.fromEntries(partitions) : {},
        snapshot: options.snapshot,
      };
    },
  };
}
