import type { ComponentMap } from "./components.js";
import type { RunId } from "./ids.js";
import type { JsonValue } from "./leaf.js";

/** How a run ended, or that it has not. `lost`: its process died without a word. */
export const runStatuses = ["running", "finished", "failed", "cancelled", "lost"] as const;
export type RunStatus = (typeof runStatuses)[number];

/** Values of metrics at one moment. NaN and infinities are kept. */
export type MetricValues = Readonly<Record<string, number>>;

export interface LogOptions {
  /** Any integer; need not increase. Default: the number of the call. */
  readonly step?: number;
  /** Milliseconds since 1970. Default: now. */
  readonly timeMs?: number;
}

/**
 * What a training loop, a trainer, a doctor or a case writes to while a run goes on. Every call appends to a log on the
 * local disk and returns; nothing here throws because of a server, network or disk, and nothing that returned is lost.
 * Implemented by `@deepwright/lineage`; other packages take it as an argument.
 *
 * One recorder belongs to one run and may be used from one process. Calls after `finish` are refused.
 */
export interface Recorder {
  readonly runId: RunId;
  /** Records metric values. */
  log(values: MetricValues, options?: LogOptions): void;
  /** Adds configuration that the program knows and the command line does not show; nested objects are flattened. */
  configuration(values: Readonly<Record<string, JsonValue>>): void;
  /** Adds paths to the data component: what was read. `name` is the role of the data, such as `train`. */
  data(name: string, facts: ComponentMap): void;
  /** Adds paths to the model component: what was written. */
  model(facts: ComponentMap): void;
  /** Stores a fact of another package (a test result, a doctor's finding) against the run. */
  fact(kind: string, body: JsonValue): void;
  tag(key: string, value: string): void;
  /** Ends the run and waits until everything is on the local disk; delivery to a server goes on in the background. */
  finish(status?: Exclude<RunStatus, "running" | "lost">): Promise<void>;
}
