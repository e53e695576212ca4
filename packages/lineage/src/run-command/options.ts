import type { RunId, RunStatus } from "@deepwright/core";
import type { Objective } from "../contract/events.js";
import type { IngestTarget } from "../recorder/deliver-source.js";
import type { StoreLocation } from "../recorder/store-location.js";

export interface RecordCommandOptions {
  /** Program and arguments, as a shell would pass them. */
  readonly command: readonly string[];
  /** Store address or location. Default: `DEEPWRIGHT_STORE`, else the nearest `.deepwright` folder. */
  readonly store?: string | StoreLocation | undefined;
  readonly project?: string | undefined;
  readonly name?: string | undefined;
  /** Working directory of the command. Default: the caller's. */
  readonly cwd?: string | undefined;
  /** Environment of the command. Default: the caller's. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** Inputs: `PATH`, `NAME=PATH`, or a SQL address `postgres://...?query=select...`. */
  readonly data?: readonly string[] | undefined;
  /** Config files beside those that are found among the arguments. */
  readonly config?: readonly string[] | undefined;
  /** CSV and JSONL files that the command writes metrics into. */
  readonly metricFiles?: readonly string[] | undefined;
  /**
   * Regular expressions for metrics in lines of stdout, with the named groups `name` and `value`, or one named group per
   * metric. Default: `key=value` and `key: value`.
   */
  readonly metricPatterns?: readonly (string | RegExp)[] | undefined;
  readonly objective?: Objective | undefined;
  readonly purpose?: "user" | "proof" | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
  readonly parentRunId?: RunId | undefined;
  /** Ends the command with SIGTERM, after 5 s with SIGKILL; the run is recorded as cancelled. */
  readonly signal?: AbortSignal | undefined;
  /**
   * `inherit` (default): input, output and errors are the caller's. `ignore`: nothing is shown. With a function the output
   * goes to it.
   */
  readonly stdio?: "inherit" | "ignore" | ((chunk: Buffer, stream: "stdout" | "stderr") => void) | undefined;
  /** Keep copies of inputs up to 256 MiB, so that their state can be restored. Default true. */
  readonly keepData?: boolean | undefined;
  /** Shows one line of progress on a terminal. Default false. */
  readonly progress?: boolean | undefined;
  /** Passes SIGINT, SIGTERM and SIGHUP of this process on to the command. Default false; the command line does. */
  readonly forwardSignals?: boolean | undefined;
  /**
   * An open store: the run is in it when the promise resolves. Without it a background process delivers, or nobody does
   * (`none`) until something reads the store.
   */
  readonly deliverTo?: IngestTarget | "background" | "none" | undefined;
}

export interface RecordedCommand {
  readonly runId: RunId;
  readonly status: Exclude<RunStatus, "running" | "lost">;
  /** `null` when a signal ended the command. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Wall time of the command alone. */
  readonly durationMs: number;
  /** What could not be captured, a sentence each. */
  readonly notes: readonly string[];
  /** What the disk did not take; empty strings and zeros in the normal case. */
  readonly droppedPoints: number;
  /** Whether the disk did not take all; the run may then end as lost in the store. */
  readonly isPartial: boolean;
}
