import { mean, ridge, type VarianceEstimate } from "@deepwright/stats";
import type { Difference, Evidence, Objective } from "../../contract/index.js";
import { formatMetric } from "../format-metric.js";
import type { HistoryRun } from "../history.js";
import { type DifferenceState, stateIn, type TextOf } from "./state.js";

export interface HistoryInput {
  readonly differences: readonly Difference[];
  readonly baseline: HistoryRun;
  /** Groups of repeats, without the one of the run in question. */
  readonly groups: readonly (readonly HistoryRun[])[];
  /** The run in question and its repeats. */
  readonly own: readonly HistoryRun[];
  readonly noise: VarianceEstimate | null;
  readonly objective: Objective;
  readonly textOf: TextOf;
}

/** One group of repeats as the model sees it. */
interface Observation {
  readonly value: number;
  readonly deviation: number;
  readonly runs: number;
  readonly states: readonly DifferenceState[];
}

/** No single group speaks for more than this, and all together for no more than that. Unit: log-odds. */
const groupLimits = [-2.5, Math.LN2] as const;
const totalLimits = [-6, 2.5] as const;

/**
 * What the other recorded runs say about each difference, in two ways.
 *
 * The weight compares two explanations of every group of repeats: that this difference alone carries the loss, and that
 * it carries nothing, with Student's t errors (4 degrees of freedom, robust to what else differs there). A good run that
 * had the difference already speaks strongly against it.
 *
 * The effect is the posterior mean of a linear model over all differences at once, prior standard deviation the loss
 * itself (ridge regression), so each effect is adjusted for the others; its interval is wide where runs can't tell.
 *
 * @returns one entry a difference, `null` where no other run has anything to say
 */
export function historyEvidence(input: HistoryInput): (Evidence | null)[] {
  const { differences, baseline, groups, own, objective } = input;
  const good = center(groups.find((group) => group.includes(baseline)) ?? [baseline]);
  const bad = center(own);
  const loss = bad - good;
  if (!Number.isFinite(loss) || loss === 0) return differences.map(() => null);
  const others = groups.filter((group) => !group.includes(baseline));
  const observations = others
    .filter((group) => group.some((run) => Number.isFinite(run.badness)))
    .map((group) => observe(group, input, good, loss));
  if (observations.length === 0) return differences.map(() => null);
  const effects = adjustedEffects(input, observations, { good, bad, loss });
  const sign = objective.direction === "minimize" ? 1 : -1;
  return differences.map((_, index) => {
    const known = observations.filter(({ states }) => states[index] !== "other");
    if (known.length === 0) return null;
    const weight = clamp(
      known.reduce(
        (sum, observation) => sum + logOdds(observation, observation.states[index] === "after", good, loss),
        0,
      ),
      totalLimits,
    );
    const effect = effects[index];
    const runs = known.reduce((sum, observation) => sum + observation.runs, 0);
    const bounds = effect
      ? [effect.estimate - 1.96 * effect.error, effect.estimate + 1.96 * effect.error].map((bound) => sign * bound)
      : [];
    return {
      kind: "history",
      sentence: sentence(known, index, objective),
      weight,
      ...(effect
        ? { effect: { estimate: sign * effect.estimate, low: Math.min(...bounds), high: Math.max(...bounds), runs } }
        : {}),
    };
  });
}

const clamp = (value: number, [low, high]: readonly [number, number]): number => Math.min(high, Math.max(low, value));

function center(group: readonly HistoryRun[]): number {
  const values = group.map((run) => run.badness).filter(Number.isFinite);
  return values.length > 0 ? mean(values) : Number.POSITIVE_INFINITY;
}

function observe(group: readonly HistoryRun[], input: HistoryInput, good: number, loss: number): Observation {
  const { differences, baseline, noise, textOf } = input;
  const run = group[0] as HistoryRun;
  const states = differences.map((difference) => stateIn(difference, run, baseline, textOf));
  // What differs there and is no part of the difference between the two runs moves the metric by an unknown amount.
  const foreign = [...run.leaves.keys()].filter((key) => !baseline.leaves.has(key)).length;
  const unknown = foreign + states.filter((state) => state === "other").length;
  const spread = noise?.standardDeviation ?? Math.abs(loss) / 4;
  const floor = Math.abs(loss) / 50;
  const variance = spread ** 2 / group.length + floor ** 2 + (loss / 3) ** 2 * (1 - 0.8 ** unknown);
  const value = clamp(center(group), [good - 3 * Math.abs(loss), good + 3 * Math.abs(loss)]);
  return { value, deviation: Math.sqrt(variance), runs: group.length, states };
}

/** Log-odds of "this difference carries the loss" against the even mixture, from one group. */
function logOdds(observation: Observation, has: boolean, good: number, loss: number): number {
  const logDensity = (expected: number): number =>
    -2.5 * Math.log1p(((observation.value - expected) / observation.deviation) ** 2 / 4);
  const withLoss = logDensity(good + loss);
  const without = logDensity(good);
  const top = Math.max(withLoss, without);
  const mixture = top + Math.log((Math.exp(withLoss - top) + Math.exp(without - top)) / 2);
  return clamp((has ? withLoss : without) - mixture, groupLimits);
}

function adjustedEffects(
  { differences, baseline, own, noise }: HistoryInput,
  observations: readonly Observation[],
  { good, bad, loss }: { readonly good: number; readonly bad: number; readonly loss: number },
): ({ estimate: number; error: number } | null)[] {
  const spread = Math.max(noise?.standardDeviation ?? Math.abs(loss) / 4, Math.abs(loss) / 50);
  const coded = (state: DifferenceState | undefined): number => (state === "after" ? 1 : state === "before" ? 0 : 0.5);
  const rows: number[][] = [];
  const targets: number[] = [];
  const add = (value: number, deviation: number, states: readonly number[]): void => {
    rows.push([1, ...states].map((entry) => entry / deviation));
    targets.push((value - good) / deviation);
  };
  add(
    good,
    spread,
    differences.map(() => 0),
  );
  add(
    bad,
    spread / Math.sqrt(own.length),
    differences.map(() => 1),
  );
  for (const { value, deviation, states } of observations) add(value, deviation, states.map(coded));
  const fit = ridge(rows, targets, [1e-6 / baselineScale(baseline, loss), ...differences.map(() => 1 / loss ** 2)]);
  return differences.map((_, index) => {
    const estimate = fit.coefficients[index + 1];
    const variance = fit.covariance[index + 1]?.[index + 1];
    return estimate === undefined || variance === undefined ? null : { estimate, error: Math.sqrt(variance) };
  });
}

/** Keeps the intercept free but the normal equations well scaled, whatever the unit of the metric. */
const baselineScale = (baseline: HistoryRun, loss: number): number => Math.max(baseline.badness ** 2, loss ** 2);

function sentence(known: readonly Observation[], index: number, objective: Objective): string {
  const sign = objective.direction === "minimize" ? 1 : -1;
  const side = (state: DifferenceState) => known.filter(({ states }) => states[index] === state);
  const describe = (observations: readonly Observation[]): string => {
    const runs = observations.reduce((sum, { runs: count }) => sum + count, 0);
    const value = observations.reduce((sum, { value: own, runs: count }) => sum + own * count, 0) / runs;
    return `${runs} other ${runs === 1 ? "run" : "runs"} (${objective.metric} ${formatMetric(sign * value)} on average)`;
  };
  const after = side("after");
  const before = side("before");
  const parts: string[] = [];
  if (after.length > 0) parts.push(`present in ${describe(after)}`);
  if (before.length > 0) parts.push(`absent from ${describe(before)}`);
  const text = parts.join(", ");
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
