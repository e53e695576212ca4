import { median } from "@deepwright/stats";
import { argumentInvalid } from "../sql/open-table.js";
import { type Across, alarmThreshold } from "./alarm-threshold.js";
import { anomalySentence, checkSentence } from "./anomaly-sentence.js";
import { forecast, type PastValue, tailTest } from "./forecast.js";
import { dayOf, type Metric, type MetricPoint, usualMetrics } from "./metric.js";
import { scales } from "./scale.js";
import { type SchemaChange, schemaChanges } from "./schema-changes.js";
import type { PartitionState } from "./state.js";
import { byPartition } from "./state-store.js";

export interface AnomalyOptions {
  /** The partition to judge. Default: the last one. */
  readonly partition?: string;
  /** Most partitions before it that count, at least `minimum`. Default: 56. */
  readonly window?: number;
  /** Partitions before it without which nothing is said, at least 8. Default: 14. */
  readonly minimum?: number;
  /**
   * False-alarm rate: of a partition that is as usual, the probability that any check alarms; with `across: "none"` that of each
   * check. Above 0, below 1. Default: 0.01.
   */
  readonly rate?: number;
  /**
   * How the checks of one partition share the rate: `benjamini-hochberg` for checks that are independent or move together,
   * `benjamini-yekutieli` and, with an equal share for each, `bonferroni` for any; `none`: each has the whole rate. Default:
   * `benjamini-hochberg`.
   */
  readonly across?: Across;
  /** Degrees of freedom of Student's t as heavy-tailed as the noise may be, above 2; infinity for normal noise. Default: 6. */
  readonly tailDegrees?: number;
  /** Default: {@link usualMetrics}. */
  readonly metrics?: readonly Metric[];
  /** Partitions that were not as usual and must not count as the past. */
  readonly leaveOut?: readonly string[];
}

/** What came of one metric. */
export interface AnomalyCheck {
  readonly metric: string;
  readonly column: string | null;
  readonly verdict: "usual" | "alarm" | "cannot-tell";
  readonly value: number;
  /** What it was expected to be; `null` where there is no telling. */
  readonly expected: number | null;
  /** The values that are no alarm. */
  readonly low: number | null;
  readonly high: number | null;
  readonly pValue: number | null;
  /** Partitions that the verdict rests on. */
  readonly historyCount: number;
  readonly sentence: string;
}

export interface AnomalyReport {
  readonly partition: string;
  /** `cannot-tell` only where no check could tell anything. */
  readonly verdict: "usual" | "alarm" | "cannot-tell";
  /** In the order of their p-values; those that can't tell last. */
  readonly checks: readonly AnomalyCheck[];
  /** Columns that came, went or changed their type since the partition before. */
  readonly schemaChanges: readonly SchemaChange[];
  readonly sentence: string;
}

/**
 * Judges a partition by those before it: every metric is forecast with its weekday and trend, and what lies outside of the forecast's
 * interval is an alarm. With less history than `minimum` nothing is said.
 *
 * @param states of one store, in any order
 * @throws DeepwrightError `ARGUMENT_INVALID`
 * @example
 * ```ts
 * const { verdict, sentence } = checkAnomalies(await store.read());
 * ```
 */
export function checkAnomalies(states: readonly PartitionState[], options: AnomalyOptions = {}): AnomalyReport {
  return check([...states].sort(byPartition), options, new WeakMap());
}

/** Points of states by metric, since each state is the past of many others. */
type Points = WeakMap<PartitionState, Map<string, MetricPoint | null>>;

function check(sorted: readonly PartitionState[], options: AnomalyOptions, points: Points): AnomalyReport {
  const { window = 56, minimum = 14, rate = 0.01, across = "benjamini-hochberg", tailDegrees = 6 } = options;
  checkOptions({ window, minimum, rate, tailDegrees });
  const at = options.partition === undefined ? sorted.length - 1 : sorted.findIndex(isNamed(options.partition));
  const judged = sorted[at];
  if (judged === undefined) {
    throw argumentInvalid(
      "a partition to judge",
      options.partition === undefined ? "no states" : `no state of ${JSON.stringify(options.partition)}`,
      "Update the history first.",
    );
  }
  const leaveOut = new Set(options.leaveOut);
  const past = sorted
    .slice(0, at)
    .filter(({ partition }) => !leaveOut.has(partition))
    .slice(-window);
  const changes = schemaChanges(past.at(-1), judged);
  const changed = new Set(changes.map(({ column }) => column));
  const metrics = (options.metrics ?? usualMetrics(judged, past)).filter(({ column }) => !changed.has(column ?? ""));
  const judgements = metrics.flatMap((metric) => judge(metric, judged, past, { minimum, tailDegrees, points }) ?? []);
  const decided = decide(judgements, rate, across);
  const alarms = decided.filter(({ verdict }) => verdict === "alarm");
  const verdict =
    alarms.length > 0 || changes.length > 0
      ? "alarm"
      : decided.some((check) => check.verdict === "usual")
        ? "usual"
        : "cannot-tell";
  return {
    partition: judged.partition,
    verdict,
    checks: decided,
    schemaChanges: changes,
    sentence: anomalySentence(judged.partition, verdict, decided, changes, { past: past.length, minimum }),
  };
}

/**
 * Judges every partition of a history by those before it, as if each had been the last one: shows how many alarms the options
 * would have raised. Partitions that alarmed stay part of the past, as in daily use.
 *
 * @throws DeepwrightError `ARGUMENT_INVALID`
 */
export function replayAnomalies(
  states: readonly PartitionState[],
  options: Omit<AnomalyOptions, "partition"> = {},
): readonly AnomalyReport[] {
  const points: Points = new WeakMap();
  const sorted = [...states].sort(byPartition);
  return sorted.map(({ partition }) => check(sorted, { ...options, partition }, points));
}

interface Judgement {
  readonly metric: Metric;
  readonly value: number;
  readonly historyCount: number;
  readonly expected: number | null;
  readonly pValue: number | null;
  /** `null` for an unvarying past. */
  interval(alpha: number): { readonly low: number; readonly high: number } | null;
  /** Why nothing can be told. */
  readonly reason: string | null;
}

function judge(
  metric: Metric,
  judged: PartitionState,
  past: readonly PartitionState[],
  { minimum, tailDegrees, points }: { readonly minimum: number; readonly tailDegrees: number; readonly points: Points },
): Judgement | null {
  const point = pointOf(metric, judged, points);
  if (point === null || !Number.isFinite(point.value)) return null;
  const scale = scales[metric.scale];
  const days = [...past, judged].map(({ partition }) => dayOf(partition));
  // Hours of a day would all have its time.
  const dated = !days.includes(null) && new Set(days).size === days.length;
  const placeOf = ({ partition }: PartitionState, index: number) => {
    const day = dated ? dayOf(partition) : null;
    // 1970-01-01 was a Thursday.
    return { time: day ?? index, weekday: day === null ? null : (((day + 4) % 7) + 7) % 7 };
  };
  const values = past.flatMap((state, index): PastValue[] => {
    const before = pointOf(metric, state, points);
    if (before === null || !Number.isFinite(before.value)) return [];
    return [{ ...placeOf(state, index), value: scale.to(before.value), samplingDeviation: before.samplingDeviation }];
  });
  const head = { metric, value: point.value, historyCount: values.length };
  const silent = { ...head, expected: null, pValue: null, interval: () => null };
  if (values.length < minimum) return { ...silent, reason: `${values.length} of ${minimum} partitions` };
  const expected = forecast(values, {
    ...placeOf(judged, past.length),
    samplingDeviation: Math.max(point.samplingDeviation, median(values.map((each) => each.samplingDeviation))),
  });
  if (expected === null) return { ...silent, reason: "this weekday was seen less than twice" };
  const value = scale.to(point.value);
  const shown = { ...head, historyCount: expected.valueCount, expected: scale.from(expected.center) };
  if (expected.deviation === 0) {
    const same = Math.abs(value - expected.center) <= 1e-9 * Math.max(1, Math.abs(expected.center));
    // Of n + 1 exchangeable values the last is the only other one with this probability at most.
    const pValue = same ? 1 : 1 / (expected.valueCount + 1);
    return { ...shown, pValue, interval: () => null, reason: null };
  }
  const test = tailTest(expected, tailDegrees);
  return {
    ...shown,
    pValue: test.pValue(value),
    interval(alpha) {
      const { low, high } = test.interval(alpha);
      return { low: scale.from(low), high: scale.from(high) };
    },
    reason: null,
  };
}

function pointOf(metric: Metric, state: PartitionState, points: Points): MetricPoint | null {
  const known = points.get(state) ?? new Map<string, MetricPoint | null>();
  points.set(state, known);
  const key = `${metric.name}\0${metric.parameters ?? ""}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  const point = metric.pointOf(state);
  known.set(key, point);
  return point;
}

function decide(judgements: readonly Judgement[], rate: number, across: Across): readonly AnomalyCheck[] {
  const alpha = alarmThreshold(
    judgements.flatMap(({ pValue }) => pValue ?? []),
    rate,
    across,
  );
  return judgements
    .map((judgement) => checkOf(judgement, alpha))
    .sort((left, right) => (left.pValue ?? 2) - (right.pValue ?? 2));
}

function checkOf(
  { metric, value, historyCount, expected, pValue, interval, reason }: Judgement,
  alpha: number,
): AnomalyCheck {
  const bounds = pValue === null ? null : interval(alpha);
  const unvarying = pValue !== null && bounds === null;
  const verdict =
    pValue === null || (unvarying && pValue < 1 && pValue > alpha)
      ? "cannot-tell"
      : pValue <= alpha
        ? "alarm"
        : "usual";
  const head = {
    metric: metric.name,
    column: metric.column,
    verdict,
    value,
    expected,
    low: bounds?.low ?? (unvarying ? expected : null),
    high: bounds?.high ?? (unvarying ? expected : null),
    pValue,
    historyCount,
  } as const;
  return { ...head, sentence: checkSentence(head, reason, unvarying) };
}

const isNamed =
  (name: string) =>
  ({ partition }: PartitionState): boolean =>
    partition === name;

function checkOptions(options: Required<Pick<AnomalyOptions, "window" | "minimum" | "rate" | "tailDegrees">>): void {
  const { window, minimum, rate, tailDegrees } = options;
  const refuse = (what: string, got: number): never => {
    throw argumentInvalid(what, String(got), "Pass another one.");
  };
  if (!Number.isInteger(minimum) || minimum < 8) refuse("minimum to be a whole number of at least 8", minimum);
  if (!Number.isInteger(window) || window < minimum)
    refuse(`window to be a whole number of at least ${minimum}`, window);
  if (!(rate > 0 && rate < 1)) refuse("rate above 0 and below 1", rate);
  if (!(tailDegrees > 2)) refuse("tailDegrees above 2", tailDegrees);
}
