import type { DataFingerprint } from "../engine.js";

export type FingerprintVerdict =
  /** The same rows in the same order, or in no order on either side. */
  | "same-rows-same-order"
  /** The same rows in another order. */
  | "same-rows-other-order"
  /** The same columns with other rows. */
  | "other-rows"
  /** Columns were added, removed, moved, or hold another kind of value. */
  | "other-columns";

/** What differs from `before` to `after`. Lists of names are sorted. */
export interface FingerprintComparison {
  readonly verdict: FingerprintVerdict;
  readonly rowCountBefore: number;
  readonly rowCountAfter: number;
  readonly addedColumns: readonly string[];
  readonly removedColumns: readonly string[];
  /** Columns of both sides whose values differ, their order aside. */
  readonly changedColumns: readonly string[];
  /**
   * True where every column holds the same values on both sides and only their pairing into rows differs: a column was
   * shifted or shuffled against the others.
   */
  readonly pairedOtherwise: boolean;
  /** True where one of the sides has no order, so that `same-rows-same-order` says nothing about order. */
  readonly orderUnknown: boolean;
  readonly addedPartitions: readonly string[];
  readonly removedPartitions: readonly string[];
  readonly changedPartitions: readonly string[];
}

/**
 * Compares two fingerprints without the data.
 *
 * @example
 * ```ts
 * const { verdict, changedColumns } = compareFingerprints(before, after);
 * console.log(verdict, changedColumns); // other-rows [ 'price' ]
 * ```
 */
export function compareFingerprints(before: DataFingerprint, after: DataFingerprint): FingerprintComparison {
  const columns = compareKeys(before.columns, after.columns, (a, b) => a === b);
  const partitions = compareKeys(
    before.partitions,
    after.partitions,
    (a, b) => a.rows === b.rows && a.rowCount === b.rowCount,
  );
  const sameRows = before.rows === after.rows && before.rowCount === after.rowCount;
  const sameColumns = columns.added.length + columns.removed.length + columns.changed.length === 0;
  const orderUnknown = before.order === null || after.order === null;
  let verdict: FingerprintVerdict;
  if (before.schema !== after.schema) verdict = "other-columns";
  else if (!sameRows) verdict = "other-rows";
  else verdict = orderUnknown || before.order === after.order ? "same-rows-same-order" : "same-rows-other-order";
  return {
    verdict,
    rowCountBefore: before.rowCount,
    rowCountAfter: after.rowCount,
    addedColumns: columns.added,
    removedColumns: columns.removed,
    changedColumns: columns.changed,
    pairedOtherwise: !sameRows && sameColumns && before.rowCount === after.rowCount,
    orderUnknown,
    addedPartitions: partitions.added,
    removedPartitions: partitions.removed,
    changedPartitions: partitions.changed,
  };
}

function compareKeys<Value>(
  before: Readonly<Record<string, Value>>,
  after: Readonly<Record<string, Value>>,
  equal: (a: Value, b: Value) => boolean,
): { added: string[]; removed: string[]; changed: string[] } {
  const inBefore = (name: string): boolean => Object.hasOwn(before, name);
  const inAfter = (name: string): boolean => Object.hasOwn(after, name);
  return {
    added: Object.keys(after)
      .filter((name) => !inBefore(name))
      .sort(),
    removed: Object.keys(before)
      .filter((name) => !inAfter(name))
      .sort(),
    changed: Object.keys(before)
      .filter((name) => inAfter(name) && !equal(before[name] as Value, after[name] as Value))
      .sort(),
  };
}
