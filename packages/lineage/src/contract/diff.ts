import type { ComponentName, Leaf, RunId } from "@deepwright/core";

/** One path of a component whose leaf differs. `undefined` on a side: absent there. false, 0 and "" are values. */
export interface LeafDifference {
  readonly component: ComponentName;
  readonly path: string;
  readonly before: Leaf | undefined;
  readonly after: Leaf | undefined;
}

/** Raw comparison of two runs by their trees: costs what differs. */
export interface ComponentDiff {
  readonly differences: readonly LeafDifference[];
  /** Leaves that are equal, over all components. */
  readonly equalCount: number;
}

/**
 * One contiguous change of a text file, zero lines of context in `before` / `after`. Lines are the text split at `\n` and
 * count from 1; a side without lines starts at the line before which they would stand.
 */
export interface SourceHunk {
  readonly file: string;
  readonly beforeStart: number;
  readonly beforeLines: readonly string[];
  readonly afterStart: number;
  readonly afterLines: readonly string[];
  /** Nearest enclosing function or section heading, if found. */
  readonly context: string;
  /** True when only white space, comments or formatting differ. */
  readonly cosmetic: boolean;
}

/** What kind of thing differs; decides how it is shown, ranked and reverted. */
export type DifferenceKind =
  | "source-hunk"
  | "source-file"
  | "configuration"
  | "argument"
  | "environment"
  | "package"
  | "platform"
  | "hardware"
  | "data"
  | "model";

export type DataVerdict =
  | "same-rows-other-order"
  | "other-rows"
  | "other-columns"
  | "same-content-elsewhere"
  | "unknown";

/** One atomic difference between run `before` (A, the baseline) and run `after` (B). */
export interface Difference {
  /** Stable within a pair of runs: kind and path (and number of the hunk). */
  readonly id: string;
  readonly kind: DifferenceKind;
  readonly component: ComponentName;
  /** Path within the component. */
  readonly path: string;
  /** One line for people: `shuffle: false -> true (config.yaml)`. */
  readonly title: string;
  readonly before: Leaf | undefined;
  readonly after: Leaf | undefined;
  readonly hunk?: SourceHunk;
  /** Where the same content or value stood in `before`: a renamed file or a moved key. Relative as `path` is. */
  readonly renamedFrom?: string;
  readonly dataVerdict?: DataVerdict;
  /** Columns, partitions, layers that differ, where known. */
  readonly parts?: readonly string[];
  /** A result of the run (a model file, an output), not something that could cause one. */
  readonly consequence: boolean;
  /** A seed: explains noise, never a regression. */
  readonly seed: boolean;
}

export interface RunDiff {
  readonly before: RunId;
  readonly after: RunId;
  readonly differences: readonly Difference[];
  readonly equalCount: number;
}
