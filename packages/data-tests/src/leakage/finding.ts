import type { CellValue } from "@deepwright/engines";

export type LeakageKind =
  /** A column alone predicts the target better than an honest feature does. */
  | "target-leakage"
  /** Some values of a column occur with the positive class only. */
  | "positive-class-leakage"
  /** Whether a column has a value predicts the target. */
  | "null-pattern-leakage"
  /** The same keys in two splits. */
  | "key-overlap"
  /** The same groups (customers, patients, sessions) in two splits. */
  | "group-overlap"
  /** Rows of an earlier split that are later than rows of a later one. */
  | "time-overlap"
  /** Rows of two splits that are the same but for little. */
  | "near-duplicates"
  /** A feature's value is newer than the prediction time. */
  | "time-travel"
  /** A label that was known only after the cut at which training ends. */
  | "late-label"
  /** A label that was known already when the prediction was made. */
  | "early-label";

/** One way in which data tells a model what it can't know when it predicts. */
export interface LeakageFinding {
  readonly kind: LeakageKind;
  readonly columns: readonly string[];
  /** Names of the splits concerned, the earlier first; empty for a single data set. */
  readonly splits: readonly string[];
  /** Rows concerned, of `considered`; exact. */
  readonly rows: number;
  readonly considered: number;
  /** What was measured; units are in the names. */
  readonly evidence: Readonly<Record<string, number | string>>;
  readonly sample: readonly Readonly<Record<string, CellValue>>[];
  readonly sentence: string;
}
