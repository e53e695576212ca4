import { spendAlpha } from "@deepwright/stats";
import { freshReplicates } from "./confirm.js";
import { combinations } from "./contrasts.js";
import type { Experiment } from "./experiment.js";
import { narrow, type TrialDecision } from "./narrow.js";
import { isFiniteOutcome } from "./oracle.js";
import type { Settlement } from "./settlement.js";

/**
 * Settles where replicates say nothing of the noise: a deterministic pipeline, or one whose metric is not finite in B.
 * See "Without noise" at {@link settle}.
 *
 * @param diverges the metric of B is not finite, that of A is: a set restores when its metric is finite
 */
export async function settleBySeparation(experiment: Experiment, diverges: boolean): Promise<Settlement> {
  const { order, laboratory } = experiment;
  const { weights, errorRate = 0.05, recordedLoss } = experiment.options;
  experiment.spread = { standardDeviation: 0, degreesOfFreedom: 0 };
  if (!diverges && !(experiment.gap > 0)) {
    return recordedLoss > 0
      ? experiment.result("not-reproduced", "repeating both versions does not show the loss again")
      : experiment.result("noise", "there is no loss");
  }
  const trial = diverges ? divergenceTrial(experiment) : experiment.makeTrial(experiment.bad[0] as number, 0.5);
  const top = order[0] as number;
  const groups =
    order.length > 1 && (await trial([top])) === "restored"
      ? [[top]]
      : await narrow({ candidates: order, weights, fixed: [], trial });
  const causes = groups.flat();
  experiment.suspects = causes;
  const others = experiment.without(causes);
  const decision = others.length === 0 ? "failed" : await trial(others);
  const alone = decision === "failed" ? null : decision === "not-restored";
  // The smallest arms whose separation is significant at the level of one of the claims.
  const level = spendAlpha(errorRate, 1) / groups.length;
  let size = 2;
  while (1 / combinations(2 * size, size) > level) size += 1;
  const perturb = (reverted: readonly number[]) => perturbed(experiment, reverted, others, size, diverges);
  const treated = await perturb(causes);
  if (treated === undefined) return experiment.result("undecided", "too many combinations fail to run");
  for (const group of groups) {
    const arm = await perturb(causes.filter((cause) => !group.includes(cause)));
    if (arm === undefined) return experiment.result("undecided", "too many combinations fail to run");
    if (!(Math.min(...arm) > Math.max(...treated))) {
      return experiment.result("undecided", "other differences move the metric as much");
    }
  }
  const [outcome] = (await laboratory.take(causes, 0, 1)).outcomes;
  const bad = experiment.bad[0] as number;
  const estimate = diverges ? 1 : (bad - (outcome ?? bad)) / experiment.gap;
  const restored = { estimate, low: estimate, high: estimate };
  return experiment.result(groups.length === 1 ? "proven" : "interaction", "", { causes: groups, restored, alone });
}

function divergenceTrial(experiment: Experiment): (reverted: readonly number[]) => Promise<TrialDecision> {
  return async (reverted) => {
    const arm = await experiment.laboratory.take(reverted, 0, 1);
    const [outcome] = arm.outcomes;
    const decision =
      outcome === undefined || outcome === null ? "failed" : isFiniteOutcome(outcome) ? "restored" : "not-restored";
    experiment.record(arm, 0, decision);
    return decision;
  };
}

/**
 * Values of `size` sets: `reverted` with a random half of `others` each, drawn again where one does not run. Values that
 * are not finite count as infinitely bad. `undefined` when too few run.
 */
async function perturbed(
  experiment: Experiment,
  reverted: readonly number[],
  others: readonly number[],
  size: number,
  diverges: boolean,
): Promise<readonly number[] | undefined> {
  const middle = diverges ? Number.POSITIVE_INFINITY : (experiment.bad[0] as number) - experiment.gap / 2;
  const values: number[] = [];
  for (let draw = 0; draw < 4 * size && values.length < size; ) {
    // As many at a time as are missing, so that they can run side by side.
    const batch = Array.from({ length: size - values.length }, () => {
      const half = diverges ? [] : others.filter(() => experiment.options.rng.uniform() < 0.5);
      return { set: [...reverted, ...half], replicate: freshReplicates + draw++ };
    });
    const arms = await Promise.all(
      batch.map(({ set, replicate }) => experiment.laboratory.take(set, replicate, replicate + 1)),
    );
    arms.forEach((arm, index) => {
      const [outcome] = arm.outcomes;
      const replicate = batch[index]?.replicate ?? 0;
      if (outcome === undefined || outcome === null) {
        experiment.record(arm, replicate, "failed");
        return;
      }
      const value = !isFiniteOutcome(outcome) ? Number.POSITIVE_INFINITY : diverges ? 0 : outcome;
      values.push(value);
      experiment.record(arm, replicate, value < middle ? "restored" : "not-restored");
    });
  }
  return values.length < size ? undefined : values;
}
