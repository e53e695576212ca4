import type { Clock, Rng } from "@deepwright/core";
import type { Budget } from "./laboratory.js";
import type { Oracle, Outcome } from "./oracle.js";

export interface SettleOptions extends Partial<Budget> {
  readonly oracle: Oracle;
  /** Plausibility of each unit by the ranking, any positive scale. */
  readonly weights: readonly number[];
  /** Recorded loss, B less A in the direction of worse. */
  readonly recordedLoss: number;
  /** Draws the perturbations of deterministic pipelines. */
  readonly rng: Rng;
  /** Probability of naming a wrong cause, above 0 and below 1, default 0.05. */
  readonly errorRate?: number;
  readonly clock?: Clock;
  readonly signal?: AbortSignal;
  /** Told after each step, and again when a step got more replicates. */
  readonly onStep?: (step: SettledStep) => void;
}

export interface SettledStep {
  readonly reverted: readonly number[];
  /** Number of the first replicate; the others follow it. */
  readonly firstReplicate: number;
  readonly outcomes: readonly Outcome[];
  readonly decision: "restored" | "not-restored" | "partly" | "undecided" | "failed";
}

export interface RestoredPart {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

export interface Settlement {
  readonly verdict: "proven" | "interaction" | "noise" | "not-reproduced" | "undecided";
  /** Groups of units that restore together, none of which can be left out; those of a group only run together. */
  readonly causes: readonly (readonly number[])[];
  /** The smallest set found that seems to restore; equals the causes when they are proven. */
  readonly suspects: readonly number[];
  readonly restored: RestoredPart | null;
  /** One re-run with everything but the causes reverted still showed the loss; `null` when it was not tried. */
  readonly alone: boolean | null;
  /** Mean loss over the re-runs, in the direction of worse. NaN before there are any. */
  readonly gap: number;
  /** From run to run, pooled; 0 for a deterministic pipeline, NaN before it is known. */
  readonly standardDeviation: number;
  readonly runsUsed: number;
  readonly steps: readonly SettledStep[];
  /** Why nothing was proven, in a few words. */
  readonly reason: string;
}
