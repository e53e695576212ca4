import type { ComponentMap, ComponentName, EntityKind, Fact, RunId } from "@deepwright/core";
import type { ComponentDiff } from "./diff.js";
import type { IngestBatch, IngestReceipt } from "./events.js";
import type { MetricHistory, Page, Run, RunSearch } from "./runs.js";

export interface ProjectSummary {
  readonly id: string;
  readonly name: string;
  /** Runs made by people, without archived ones. */
  readonly runCount: number;
  /** Re-runs made by `why --prove`. */
  readonly proofRunCount: number;
}

/**
 * Everything that can be asked of and told to a lineage store about runs. One implementation works on SQL, one calls a
 * gateway over HTTP; both take and give plain JSON (with NaN and infinities). Unknown ids throw `RUN_NOT_FOUND`.
 */
export interface RunService {
  ingest(batch: IngestBatch): Promise<IngestReceipt>;
  getRun(input: { readonly id: RunId }): Promise<Run>;
  /** Finds a run by id, by the unique start of one, by name (newest), or `latest` (of the project). */
  resolveRun(input: { readonly reference: string; readonly project?: string }): Promise<Run>;
  searchRuns(input: RunSearch): Promise<Page<Run>>;
  countRuns(input: Omit<RunSearch, "first" | "after" | "order">): Promise<number>;
  metricHistory(input: {
    readonly id: RunId;
    readonly name: string;
    readonly maxPoints?: number;
  }): Promise<MetricHistory>;
  /** All leaves of a component, sorted by path; `prefix` limits them to a subtree. */
  component(input: {
    readonly id: RunId;
    readonly component: ComponentName;
    readonly prefix?: string;
  }): Promise<ComponentMap>;
  compareComponents(input: { readonly before: RunId; readonly after: RunId }): Promise<ComponentDiff>;
  /** Content by git blob id, base64; `null` when it is not stored. */
  blob(input: { readonly hash: string }): Promise<string | null>;
  setTags(input: { readonly id: RunId; readonly tags: Readonly<Record<string, string | null>> }): Promise<Run>;
  setNote(input: { readonly id: RunId; readonly note: string }): Promise<Run>;
  archiveRun(input: { readonly id: RunId; readonly archived: boolean }): Promise<Run>;
  /** Marks runs whose heartbeat is older than `silentMs` as lost; gives their ids. */
  markLost(input: { readonly silentMs: number }): Promise<readonly RunId[]>;
  recordFact(input: Omit<Fact, "recordedAtMs"> & { readonly recordedAtMs?: number }): Promise<void>;
  /** Facts of an entity, newest first. */
  facts(input: {
    readonly entityKind: EntityKind;
    readonly entityId: string;
    readonly kind?: string;
  }): Promise<readonly Fact[]>;
  /** All projects, by name. */
  projects(): Promise<readonly ProjectSummary[]>;
}
