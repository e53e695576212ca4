import { DeepwrightError } from "@deepwright/core";
import { mean, spendAlpha, type VarianceEstimate } from "@deepwright/stats";
import type { Run } from "../contract/index.js";
import type { HistoryRun } from "./history.js";
import { worsePValue } from "./worse.js";

export interface BaselineChoice {
  /** The run that is compared with. */
  readonly baseline: HistoryRun;
  /** All runs equal to it but for their seed, with it. */
  readonly group: readonly HistoryRun[];
  readonly reason: string;
  readonly pValue: number | null;
  /** The level at which the p-value is to be read: choosing among several candidates costs some of it. */
  readonly alpha: number;
}

const average = (group: readonly HistoryRun[]): number => {
  const values = group.map((run) => run.badness).filter(Number.isFinite);
  return values.length > 0 ? mean(values) : Number.POSITIVE_INFINITY;
};

/** The run of a group that stands for it: the one nearest to the group's mean, the newest of equals. */
function representative(group: readonly HistoryRun[]): HistoryRun {
  const center = average(group);
  const off = (run: HistoryRun): number => Math.abs(run.badness - center);
  return group.reduce((best, run) => {
    const closer = off(run) - off(best);
    return closer < 0 || (closer === 0 && run.run.startedAtMs > best.run.startedAtMs) ? run : best;
  });
}

/**
 * The nearest group of runs that is better by more than noise; where none is, the nearest that is better at all. Nearer
 * is fewer weighted differences; earlier runs come before later ones. Candidate k is tested at α / (k (k + 1)), so that
 * looking at many of them does not make noise look like a regression.
 *
 * @param groups groups that differ from the run in question by more than seeds
 * @param own the run in question and its repeats
 * @throws DeepwrightError `NO_BASELINE`
 */
export function chooseBaseline(
  subject: Run,
  groups: readonly (readonly HistoryRun[])[],
  own: readonly HistoryRun[],
  noise: VarianceEstimate | null,
  alpha: number,
): BaselineChoice {
  const before = (group: readonly HistoryRun[]): boolean =>
    group.some(({ run }) => run.startedAtMs <= subject.startedAtMs);
  const newest = (group: readonly HistoryRun[]): number => Math.max(...group.map(({ run }) => run.startedAtMs));
  const candidates = groups
    .filter((group) => average(group) < average(own))
    .sort(
      (a, b) =>
        Number(before(b)) - Number(before(a)) || (a[0]?.distance ?? 0) - (b[0]?.distance ?? 0) || newest(b) - newest(a),
    );
  const values = own.map((run) => run.badness);
  const tested = candidates.map((group, index) => ({
    group,
    pValue: worsePValue(
      group.map((run) => run.badness),
      values,
      noise,
    ),
    alpha: spendAlpha(alpha, index + 1),
  }));
  const chosen = tested.find(({ pValue, alpha: level }) => pValue !== null && pValue <= level) ?? tested[0];
  if (chosen) {
    const baseline = representative(chosen.group);
    const clear = chosen.pValue !== null && chosen.pValue <= chosen.alpha;
    const repeats = chosen.group.length > 1 ? `, one of ${chosen.group.length} that differ only by seed` : "";
    return {
      ...chosen,
      baseline,
      reason: `the nearest comparable run that is better${clear ? " by more than noise" : ""}${repeats}`,
    };
  }
  const twin = own.filter(({ run }) => run.id !== subject.id).sort((a, b) => a.badness - b.badness)[0];
  if (twin) {
    const group = own.filter(({ run }) => run.id !== subject.id);
    return {
      baseline: twin,
      group,
      reason: "the best run that differs only by its seed; no other comparable run is better",
      pValue: worsePValue(
        group.map((run) => run.badness),
        own.filter(({ run }) => run.id === subject.id).map((run) => run.badness),
        noise,
      ),
      alpha,
    };
  }
  throw new DeepwrightError({
    code: "NO_BASELINE",
    kind: "not-found",
    expected: "an earlier, finished run of the same task that is better",
    got: groups.length > 0 ? `${groups.flat().length} comparable runs, none of them better` : "no comparable run",
    todo: "Record a run to compare with, or name one with --vs.",
    details: { runId: subject.id },
  });
}
