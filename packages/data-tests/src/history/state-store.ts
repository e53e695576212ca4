import type { Binning, PartitionState } from "./state.js";

/** A partition that has a state, and what told its content apart when it was scanned. */
export interface KnownPartition {
  readonly partition: string;
  readonly content: string | null;
}

/** Partitions by name, both ends inclusive, in the order of UTF-16 code units: that of time for ISO dates. */
export interface PartitionRange {
  readonly from?: string;
  readonly to?: string;
}

/**
 * Where states of one data set are kept. Any number of processes may write at the same time: writers of different partitions
 * never disturb each other, of two writers of one partition the later wins with its whole state, and a reader sees the whole
 * old or the whole new one. What was acknowledged is there after a crash.
 */
export interface StateStore {
  /**
   * Fixes how a column is binned. The first one to claim decides; all later ones get what the first one claimed, or partitions
   * would not merge.
   */
  claimBinning(column: string, proposed: () => Binning): Promise<Binning>;
  /** Replaces the state of the partition where there is one. */
  put(state: PartitionState): Promise<void>;
  /** Does nothing where there is none. */
  remove(partition: string): Promise<void>;
  /** Sorted by name; cheap, without reading states. */
  list(): Promise<readonly KnownPartition[]>;
  /** Sorted by name. @throws DeepwrightError `HISTORY_INVALID` */
  read(range?: PartitionRange): Promise<readonly PartitionState[]>;
}

/** Whether a partition lies within a range. */
export function isWithin(partition: string, { from, to }: PartitionRange): boolean {
  return (from === undefined || partition >= from) && (to === undefined || partition <= to);
}

/** Orders as ranges do, whatever the computer's language. */
export function byPartition(left: KnownPartition, right: KnownPartition): number {
  return left.partition < right.partition ? -1 : left.partition > right.partition ? 1 : 0;
}
