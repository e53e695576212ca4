import type { PrivacyEvent } from "../accounting/event.js";
import type { Aggregate } from "./query.js";

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

type Select = Readonly<Record<string, Aggregate>>;

/** What an aggregate is answered with. */
export type ValueOf<Asked extends Aggregate> = Asked extends { readonly kind: "quantiles" }
  ? readonly QuantileEstimate[]
  : Asked extends { readonly kind: "histogram" }
    ? readonly BinEstimate[]
    : Estimate;

export type KeyValue = string | number | bigint | boolean | null;

export interface AnswerGroup<Asked extends Select = Select> {
  /** By column; empty without grouping. */
  readonly key: Readonly<Record<string, KeyValue>>;
  readonly values: { readonly [Name in keyof Asked]: ValueOf<Asked[Name]> };
}

export interface PrivateAnswer<Asked extends Select = Select> {
  readonly groups: readonly AnswerGroup<Asked>[];
  /** What was charged. */
  readonly event: PrivacyEvent;
  /** Share of the answers' intervals that hold the value without noise; each by itself. */
  readonly confidence: number;
  /** For groups without known keys: a group is named when its noisy number of people is at least this. */
  readonly threshold: number | null;
}
