import type { RunId } from "@deepwright/core";
import type { Difference } from "./diff.js";
import type { Objective } from "./events.js";

/** How strongly something speaks for a difference being the cause. */
export interface Evidence {
  readonly kind: "history" | "reach" | "mechanism" | "prior" | "proof";
  /** One sentence for people. */
  readonly sentence: string;
  /** Log-odds that it adds to the ranking. */
  readonly weight: number;
  /** Effect on the objective with its interval, where one was estimated. Unit of the metric. */
  readonly effect?: { readonly estimate: number; readonly low: number; readonly high: number; readonly runs: number };
}

export interface RankedCause {
  readonly difference: Difference;
  /** Relative plausibility; the causes of one report sum to at most 1. */
  readonly score: number;
  readonly evidence: readonly Evidence[];
}

export interface WorseVerdict {
  readonly worse: "yes" | "no" | "cannot-tell";
  readonly before: number;
  readonly after: number;
  /** `after - before` in the direction of worse, in the unit of the metric. */
  readonly loss: number;
  /** Standard deviation from run to run of equal runs, and how many runs it rests on. */
  readonly noise: { readonly standardDeviation: number; readonly runs: number } | null;
  readonly pValue: number | null;
  readonly sentence: string;
}

export interface WhyReport {
  readonly runId: RunId;
  readonly baselineId: RunId;
  readonly baselineReason: string;
  readonly objective: Objective;
  readonly worse: WorseVerdict;
  readonly causes: readonly RankedCause[];
  /** Differences that can't be causes: seeds, consequences, cosmetic ones. */
  readonly excluded: readonly { readonly difference: Difference; readonly reason: string }[];
  readonly equalCount: number;
  /** The answer in one sentence. */
  readonly sentence: string;
  readonly proof: ProofReport | null;
}

/** The outcome of `why --prove`. */
export interface ProofReport {
  readonly verdict: "proven" | "interaction" | "noise" | "not-reproduced" | "undecided";
  /** The differences that, reverted together, restore the metric, and none of which can be left out. */
  readonly causes: readonly Difference[];
  /** Part of the loss that reverting them restores, with interval; 1 is all of it. */
  readonly restored: { readonly estimate: number; readonly low: number; readonly high: number } | null;
  /** Probability of a wrong answer that the procedure guarantees, e.g. 0.05. */
  readonly errorRate: number;
  readonly runsUsed: number;
  readonly differenceCount: number;
  /** Differences that could not be reverted here, with the reason. */
  readonly notRevertible: readonly { readonly difference: Difference; readonly reason: string }[];
  readonly steps: readonly ProofStep[];
  readonly sentence: string;
}

export interface ProofStep {
  readonly reverted: readonly string[];
  readonly runIds: readonly RunId[];
  readonly values: readonly number[];
  readonly decision: "restored" | "not-restored" | "partly" | "undecided" | "failed";
}
