import type { ComponentName, Leaf, ProjectId, RunId, RunStatus } from "@deepwright/core";
import type { Objective, RunLocation } from "./events.js";

export interface MetricSummary {
  readonly count: number;
  /** Of the point that was logged last, whatever its step. */
  readonly last: number;
  readonly lastStep: number;
  /** NaN values are counted but are never the minimum or maximum. `null` when all were NaN. */
  readonly min: number | null;
  readonly minStep: number | null;
  readonly max: number | null;
  readonly maxStep: number | null;
  readonly mean: number;
}

export interface Run {
  readonly id: RunId;
  readonly projectId: ProjectId;
  readonly project: string;
  readonly name: string;
  readonly status: RunStatus;
  readonly purpose: "user" | "proof";
  readonly command: readonly string[];
  readonly startedAtMs: number;
  readonly endedAtMs: number | null;
  /**
   * Wall time of the command alone; `endedAtMs - startedAtMs` also holds what was captured before and after it. `null`
   * where no command was watched: a run that the program itself recorded.
   */
  readonly durationMs: number | null;
  readonly heartbeatAtMs: number;
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly location: RunLocation;
  readonly objective: Objective | null;
  readonly parentRunId: RunId | null;
  readonly recipe: unknown;
  /** Root hash of each component's tree; `null` when nothing was recorded. Equal hashes: equal components. */
  readonly components: Readonly<Record<ComponentName, string | null>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly note: string;
  readonly archived: boolean;
  readonly metrics: Readonly<Record<string, MetricSummary>>;
}

export type Comparison = "=" | "!=" | "<" | "<=" | ">" | ">=";
export type MetricAggregate = "last" | "min" | "max" | "mean";

/** The typed filter of run search; also written as text: `metric.mae < 70000 and config.shuffle = true`. */
export type RunFilter =
  | { readonly and: readonly RunFilter[] }
  | { readonly or: readonly RunFilter[] }
  | { readonly not: RunFilter }
  | { readonly metric: string; readonly aggregate?: MetricAggregate; readonly op: Comparison; readonly value: number }
  | { readonly component: ComponentName; readonly path: string; readonly op: Comparison; readonly value: Leaf }
  | { readonly tag: string; readonly op: "=" | "!="; readonly value: string }
  | { readonly status: RunStatus }
  | { readonly startedAfterMs: number }
  | { readonly startedBeforeMs: number }
  /** Words in name, note, tags or command. */
  | { readonly text: string };

export type RunOrder =
  | { readonly by: "started"; readonly direction: "ascending" | "descending" }
  | {
      readonly by: "metric";
      readonly metric: string;
      readonly aggregate?: MetricAggregate;
      readonly direction: "ascending" | "descending";
    };

export interface RunSearch {
  readonly project?: string;
  readonly filter?: RunFilter;
  /** Default: newest first. Runs without the metric come last. */
  readonly order?: RunOrder;
  /** 1 .. 1000, default 50. */
  readonly first?: number;
  /** `endCursor` of the page before. */
  readonly after?: string;
  readonly includeArchived?: boolean;
  /** Default `["user"]`. */
  readonly purposes?: readonly ("user" | "proof")[];
}

/** One page by keyset: stable while rows are added. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly cursors: readonly string[];
  readonly endCursor: string | null;
  readonly hasNextPage: boolean;
}

/** Points in the order in which they were logged. */
export interface MetricHistory {
  readonly name: string;
  readonly steps: readonly number[];
  readonly timesMs: readonly number[];
  readonly values: readonly number[];
  /** Points recorded, which is more than returned when `maxPoints` thinned them. */
  readonly totalCount: number;
}
