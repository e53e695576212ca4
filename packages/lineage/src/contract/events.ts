import type { ComponentMap, ComponentName, JsonValue, RunId, RunStatus } from "@deepwright/core";

/** Which metric a run is judged by. */
export interface Objective {
  readonly metric: string;
  readonly direction: "minimize" | "maximize";
}

/** Where a run ran; not part of its six components, since the same run elsewhere is the same run. */
export interface RunLocation {
  readonly host: string;
  readonly processId: number;
  /** Absolute path of the source root (git top level, else the working directory). */
  readonly root: string;
  readonly workingDirectory: string;
}

export interface RunStartEvent {
  readonly type: "run-start";
  readonly runId: RunId;
  readonly project: string;
  readonly name: string;
  readonly command: readonly string[];
  readonly startedAtMs: number;
  readonly location: RunLocation;
  /** `proof`: a re-run made by `why --prove`; hidden from lists and never a baseline. */
  readonly purpose: "user" | "proof";
  readonly objective?: Objective;
  readonly parentRunId?: RunId;
  /** The declared inputs and config files with the options of `deepwright run`, so that the run can be repeated. */
  readonly recipe?: JsonValue;
}

/** Sets paths of a component; later events win path by path. */
export interface ComponentEvent {
  readonly type: "component";
  readonly runId: RunId;
  readonly component: ComponentName;
  readonly entries: ComponentMap;
  readonly remove?: readonly string[];
}

/** Points in columns: point i is (`names[nameIndexes[i]]`, `steps[i]`, `timesMs[i]`, `values[i]`). */
export interface MetricsEvent {
  readonly type: "metrics";
  readonly runId: RunId;
  readonly names: readonly string[];
  readonly nameIndexes: readonly number[];
  readonly steps: readonly number[];
  readonly timesMs: readonly number[];
  readonly values: readonly number[];
}

export interface TagEvent {
  readonly type: "tag";
  readonly runId: RunId;
  readonly key: string;
  readonly value: string;
}

export interface FactEvent {
  readonly type: "fact";
  readonly runId: RunId;
  readonly kind: string;
  readonly body: JsonValue;
  readonly recordedAtMs: number;
}

/** Content that a component refers to: a dirty file, a config file. `hash` is the git blob id (SHA-1, 40 digits). */
export interface BlobEvent {
  readonly type: "blob";
  readonly runId: RunId;
  readonly hash: string;
  readonly base64: string;
}

/** A version of a data set that the run read or wrote; becomes a node of the graph. */
export interface DatasetEvent {
  readonly type: "dataset";
  readonly runId: RunId;
  readonly role: "input" | "output";
  /** Name of the data set within the project. */
  readonly name: string;
  readonly uri: string;
  /** The `inputs/<name>/` paths of the data component, without that prefix. */
  readonly fingerprint: ComponentMap;
}

export interface HeartbeatEvent {
  readonly type: "heartbeat";
  readonly runId: RunId;
  readonly timeMs: number;
}

export interface RunEndEvent {
  readonly type: "run-end";
  readonly runId: RunId;
  readonly status: Exclude<RunStatus, "running">;
  readonly endedAtMs: number;
  /** Wall time of the command alone, without what was captured before and after it. */
  readonly durationMs?: number;
  readonly exitCode: number | null;
  readonly signal: string | null;
}

export type LineageEvent =
  | RunStartEvent
  | ComponentEvent
  | MetricsEvent
  | TagEvent
  | FactEvent
  | BlobEvent
  | DatasetEvent
  | HeartbeatEvent
  | RunEndEvent;

/**
 * Events of one write-ahead log, in its order. `sourceId` names the log (a UUID made when the log was made);
 * event i of the batch has the number `firstSequence + i` (the first event of a log has 1). The receiver skips numbers
 * that it has, applies the rest and the new position in one transaction, and refuses a gap: exactly once.
 */
export interface IngestBatch {
  readonly sourceId: string;
  readonly firstSequence: number;
  readonly events: readonly LineageEvent[];
}

export interface IngestReceipt {
  /** Everything up to this number is stored for good. */
  readonly acknowledgedThrough: number;
  /** Events of this batch that were set aside because they are invalid; sending them again does not help. */
  readonly refused?: readonly RefusedEvent[];
}

/** An event that can't be applied. It stays in the store with its reason, and its log goes on. */
export interface RefusedEvent {
  readonly sequence: number;
  /** Code of the typed error, such as `TEXT_WITH_NUL`. */
  readonly code: string;
  readonly message: string;
}
