import type { ComponentName } from "@deepwright/core";

export type Roots = Readonly<Record<ComponentName, string | null>>;

/** What the database said before the plan is written; checked again by the statement that writes it. */
export interface PlanContext {
  /** Project of every run of the plan. */
  readonly projectIds: ReadonlyMap<string, string>;
  /** Runs that the plan makes. */
  readonly newRuns: ReadonlySet<string>;
  readonly rootsBefore: ReadonlyMap<string, Roots>;
  readonly rootsAfter: ReadonlyMap<string, Roots>;
  /** Tree nodes to store, hash -> text. */
  readonly nodes: ReadonlyMap<string, string>;
}
