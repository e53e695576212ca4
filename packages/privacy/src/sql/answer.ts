import type { PrivacyEvent } from "../accounting/event.js";

/** A released number; the true bounded one lies in `low .. high` with the confidence that was asked for. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export interface QuantileEstimate extends Estimate {
  readonly probability: number;
}

export interface BinEstimate extends Estimate {
  readonly from: number;
  readonly to: number;
}

export type AnswerValue = Estimate | readonly QuantileEstimate[] | readonly BinEstimate[];

export type KeyValue = string | number | bigint | boolean | null;

export interface AnswerGroup {
  /** By column; empty without grouping. */
  readonly key: Readonly<Record<string, KeyValue>>;
  readonly values: Readonly<Record<string, AnswerValue>>;
}

export interface PrivateAnswer {
  readonly groups: readonly AnswerGroup[];
  /** What was charged. */
  readonly event: PrivacyEvent;
  /** Share of the answers' intervals that hold the value without noise; each by itself. */
  readonly confidence: number;
  /** For groups without known keys: a group is named when its noisy number of people is at least this. */
  readonly threshold: number | null;
}
