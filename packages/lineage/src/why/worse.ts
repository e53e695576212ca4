import { mean, pooledVariance, standardDeviation, studentT, type VarianceEstimate } from "@deepwright/stats";
import type { HistoryRun } from "./history.js";

/** How much runs differ that differ by nothing but their seed, and where that is known from. */
export interface RunNoise extends VarianceEstimate {
  /** Runs that it rests on. */
  readonly runs: number;
  /**
   * `repeats`: from runs that are equal but for their seed. `history`: from all runs of the task, which differ in other
   * things too, so that it is an upper bound.
   */
  readonly source: "repeats" | "history";
}

/** Runs in groups that are equal but for their seed. */
export function groupBySignature(runs: readonly HistoryRun[]): HistoryRun[][] {
  const groups = new Map<string, HistoryRun[]>();
  for (const run of runs) {
    const group = groups.get(run.signature);
    if (group) group.push(run);
    else groups.set(run.signature, [run]);
  }
  return [...groups.values()];
}

const finite = (group: readonly HistoryRun[]): number[] => group.map((run) => run.badness).filter(Number.isFinite);

/** Fewest different runs from which an upper bound of the noise is taken. */
const fewestForBound = 5;

/**
 * The noise from run to run: pooled over all groups of repeats of the task; without any, bounded by the spread of the
 * whole history without the run in question; `null` when there is too little of that too.
 *
 * @param own runs equal to the one in question but for their seed, without it: its own value must not hide in the noise
 */
export function estimateNoise(groups: readonly HistoryRun[][], own: readonly HistoryRun[]): RunNoise | null {
  const all = [...groups.map(finite), finite(own)];
  const pooled = pooledVariance(all);
  if (pooled) {
    const runs = all.filter((group) => group.length > 1).reduce((sum, group) => sum + group.length, 0);
    return { ...pooled, runs, source: "repeats" };
  }
  const others = groups.flatMap(finite);
  if (others.length < fewestForBound) return null;
  const deviation = standardDeviation(others);
  return {
    variance: deviation ** 2,
    standardDeviation: deviation,
    degreesOfFreedom: others.length - 1,
    runs: others.length,
    source: "history",
  };
}

/**
 * One-sided p-value of "the runs `after` are worse than the runs `before`" by Student's t with the pooled noise. A
 * diverged run (infinite) is worse than any finite one for certain.
 *
 * @returns `null` without noise to compare with
 */
export function worsePValue(
  before: readonly number[],
  after: readonly number[],
  noise: VarianceEstimate | null,
): number | null {
  const left = before.filter(Number.isFinite);
  const right = after.filter(Number.isFinite);
  if (right.length === 0 && left.length > 0) return 0;
  if (!noise || left.length === 0 || right.length === 0) return null;
  const loss = mean(right) - mean(left);
  const error = noise.standardDeviation * Math.sqrt(1 / left.length + 1 / right.length);
  if (error === 0) return loss > 0 ? 0 : 1;
  return studentT(noise.degreesOfFreedom).survival(loss / error);
}
