import { type Clock, DeepwrightError } from "@deepwright/core";
import type { ProofStep, RunService, WhyReport } from "../contract/index.js";
import type { ContentSource } from "../diff/index.js";
import type { StoreLocation } from "../recorder/store-location.js";

export interface ProveOptions {
  readonly runs: RunService;
  /** The ranking that guides the search; its runs are A and B. */
  readonly report: WhyReport;
  /** Where re-runs are recorded and kept copies lie, as for `recordCommand`. */
  readonly store?: string | StoreLocation;
  /** Probability of naming a wrong cause, above 0 and below 1, default 0.05. */
  readonly errorRate?: number;
  /** Re-runs at the same time, 1 .. 256, default 1. */
  readonly jobs?: number;
  /** Most re-runs in all, those of an earlier attempt included, default 60. */
  readonly maxRuns?: number;
  /** Most time in milliseconds, default unlimited. A re-run that has begun is finished. */
  readonly maxTimeMs?: number;
  /** Folders that hold Node packages as `<name>@<version>`, for machines without a registry. */
  readonly packageSources?: readonly string[];
  /** Variables that the re-runs need and that are not recorded, such as addresses; beside those of this process. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Where the text of source files comes from. Default: the store, git, and the files at the runs' source roots. */
  readonly contentSource?: ContentSource;
  /** Ends the re-runs in progress and cleans up; the proof goes on from there when it is asked for again. */
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
  readonly onProgress?: (progress: ProofProgress) => void;
}

export type ProofProgress =
  | { readonly type: "rerun-start"; readonly reverted: readonly string[]; readonly replicate: number }
  | {
      readonly type: "rerun-end";
      readonly reverted: readonly string[];
      readonly replicate: number;
      /** In the unit of the metric; `null` when it failed. */
      readonly value: number | null;
      readonly failure: string | null;
      /** Taken from an earlier attempt. */
      readonly resumed: boolean;
    }
  | { readonly type: "step"; readonly step: ProofStep; readonly runsUsed: number };

/** @throws DeepwrightError `INVALID_PROOF_OPTIONS` */
export function checkOptions({ errorRate, jobs, maxRuns, maxTimeMs }: ProveOptions): void {
  const refuse = (name: string, expected: string, got: number): never => {
    throw new DeepwrightError({
      code: "INVALID_PROOF_OPTIONS",
      expected: `${name} to be ${expected}`,
      got: String(got),
      todo: "Correct the option, or leave it out for its default.",
    });
  };
  if (errorRate !== undefined && !(errorRate > 0 && errorRate < 1)) {
    refuse("errorRate", "above 0 and below 1", errorRate);
  }
  if (jobs !== undefined && !(Number.isInteger(jobs) && jobs >= 1 && jobs <= 256)) {
    refuse("jobs", "a whole number from 1 to 256", jobs);
  }
  if (maxRuns !== undefined && !(Number.isInteger(maxRuns) && maxRuns >= 1)) {
    refuse("maxRuns", "a whole number of at least 1", maxRuns);
  }
  if (maxTimeMs !== undefined && !(maxTimeMs > 0)) refuse("maxTimeMs", "above 0", maxTimeMs);
}
