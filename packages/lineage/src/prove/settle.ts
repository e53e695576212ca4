import { spendAlpha, studentT } from "@deepwright/stats";
import { baselineLooks, confirm } from "./confirm.js";
import { contrastPValue, pooledSpread } from "./contrasts.js";
import { Experiment } from "./experiment.js";
import { BudgetSpent, isFiniteOutcome, setKey } from "./oracle.js";
import { propose } from "./propose.js";
import { settleBySeparation } from "./separate.js";
import type { Settlement, SettleOptions } from "./settlement.js";

/** Level at which replicates must show a gap before the search begins; costs runs only, no part of the guarantee. */
const gateLevel = 0.01;

/** A recorded loss is called noise unless equal runs show one as large more rarely than this. No part of the guarantee. */
const noiseLevel = 0.01;

/** The same where nothing that was recorded differs: only a loss beyond doubt is put down to what was not recorded. */
const unrecordedLevel = 0.001;

/** Repeats of B from which the noise is known where nothing can be reverted. */
const repeatsWithoutUnits = 4;

/**
 * Parts of the gap from which the search calls a set restored; the next is tried when a proposal is not confirmed. The
 * first lies beyond half, so that one of two equal causes is not taken for the whole.
 */
const thresholds = [0.65, 0.5, 0.35] as const;

/** Proposals that may be put to the test. */
const mostAttempts = 6;

/**
 * Searches the smallest set of units that restores the metric, and proves it.
 *
 * **Claims.** A proof that names C says: (1) reverting C restores more than half of the gap between B and A, and (2) for
 * each c in C, leaving c out is worse than C by more than a tenth of the gap. Model: the metric of a set S over seeds is
 * normal with its own mean m(S) and one common variance.
 *
 * **Guarantee.** P(a proof states a false claim) <= errorRate. The search only proposes sets; its decisions are part of
 * no claim. Proposal k is confirmed on fresh replicates of C and of each C less c, beside the baselines. A claim is
 * "contrast of means > 0": (1) ½ m(B) + ½ m(A) - m(C); (2) m(C less c) - m(C) - 0.1 (m(B) - m(A)).
 *
 * Fix a proposal number, the look j of the baselines and the look l of the arms: the sample sizes are then constants.
 * The fresh values are independent of everything that chose C. Given the baselines and the residuals, the chance that
 * the t-test rejects grows with the contrast of the fresh means; over all sets for which the claim is false it is
 * largest on the boundary, where it is the same for every set. Its mean over the baselines is the level of the t-test,
 * however C was chosen from them. Stopping early only picks among these tests, so the union bound over them holds:
 * proposal k spends errorRate / (k (k + 1)), evenly over its 1 + |C| claims, and
 * evenly over the pairs (j, l) of looks. The sum of 1 / (k (k + 1)) is at most 1.
 *
 * **Without noise.** A pipeline without a seed that repeats itself to the last bit has no replicates, yet small changes
 * can throw its metric about. There C is tested over sets that also revert a random half of the other units: if C has no
 * effect, the values with C reverted and those without are exchangeable, and all n of the first are better than all n of
 * the second with probability at most 1 / (2n over n) (Fisher's permutation test). The same test, over seeds, is used
 * where the metric of B is not finite.
 *
 * @throws whatever the oracle throws; an aborted signal throws its reason
 */
export async function settle(options: SettleOptions): Promise<Settlement> {
  const experiment = new Experiment(options);
  try {
    if (options.oracle.unitCount === 0) return await settleWithoutUnits(experiment);
    const { a, b } = await experiment.baselines(2);
    if (a.outcomes.includes(null)) return experiment.result("undecided", "the baseline could not be run again");
    if (b.outcomes.includes(null)) return experiment.result("undecided", "the run could not be repeated");
    const diverges = a.outcomes.every(isFiniteOutcome) && !b.outcomes.some(isFiniteOutcome);
    if (!diverges && ![...a.outcomes, ...b.outcomes].every(isFiniteOutcome)) {
      return experiment.result("undecided", "the metric of the repeats is not always a finite number");
    }
    const repeats = a.outcomes[0] === a.outcomes[1] && b.outcomes[0] === b.outcomes[1];
    if (diverges || repeats) return await settleBySeparation(experiment, diverges);
    return await settleByContrasts(experiment);
  } catch (error) {
    if (error instanceof BudgetSpent) return experiment.result("undecided", error.message);
    throw error;
  }
}

/** With nothing to revert the only question is whether equal runs differ by as much as the two that were recorded. */
async function settleWithoutUnits(experiment: Experiment): Promise<Settlement> {
  const { recordedLoss } = experiment.options;
  if (!(recordedLoss > 0)) return experiment.result("noise", "there is no loss");
  const repeats = await experiment.laboratory.take([], 0, repeatsWithoutUnits);
  experiment.record(repeats, 0, repeats.outcomes.includes(null) ? "failed" : "not-restored");
  if (repeats.outcomes.includes(null)) return experiment.result("undecided", "the run could not be repeated");
  experiment.bad = repeats.outcomes.filter(isFiniteOutcome);
  experiment.spread = pooledSpread([experiment.bad]);
  return isWithinNoise(experiment, unrecordedLevel)
    ? experiment.result("noise", "equal runs differ by as much")
    : experiment.result("not-reproduced", "nothing that differs can be reverted here");
}

/** Whether the loss between the two recorded runs is one that equal runs show too: a t-test for one new pair. */
function isWithinNoise({ noise, options, spread }: Experiment, level: number): boolean {
  const { recordedLoss } = options;
  if (!(noise > 0) || !(recordedLoss > 0)) return !(recordedLoss > 0);
  return studentT(spread.degreesOfFreedom).survival(recordedLoss / (Math.SQRT2 * noise)) >= level;
}

async function settleByContrasts(experiment: Experiment): Promise<Settlement> {
  const baselineLook = await showGap(experiment);
  if (typeof baselineLook !== "number") return baselineLook;
  const tried = new Set<string>();
  let attempt = 0;
  let reason = "the noise is too large for the gap";
  for (const threshold of thresholds) {
    let groups = await propose(experiment, threshold);
    while (attempt < mostAttempts && groups.length > 0 && !tried.has(setKey(groups.flat()))) {
      tried.add(setKey(groups.flat()));
      attempt += 1;
      const level = spendAlpha(experiment.options.errorRate ?? 0.05, attempt);
      const [outcome, alone] = await Promise.all([
        confirm({ experiment, groups, attempt, level, baselineLook }),
        isAlone(experiment, groups.flat()),
      ]);
      if (outcome.kind === "confirmed") {
        const verdict = outcome.interacting ? "interaction" : "proven";
        return experiment.result(verdict, "", { causes: groups, restored: outcome.restored, alone });
      }
      if (outcome.kind === "failed") {
        reason = outcome.reason;
        break;
      }
      groups = groups.filter((_, index) => index !== outcome.group);
      experiment.suspects = groups.flat();
    }
  }
  return experiment.result("undecided", reason);
}

/** Repeats A and B until they differ beyond doubt; gives the look at which they did, or the verdict that they don't. */
async function showGap(experiment: Experiment): Promise<number | Settlement> {
  for (let look = 0; look < baselineLooks.length; look++) {
    const count = baselineLooks[look] as number;
    await experiment.baselines(count);
    const { good, bad } = experiment;
    if (good.length < count || bad.length < count) return experiment.result("undecided", "some repeats failed");
    experiment.spread = pooledSpread([good, bad]);
    const gap = [
      { weight: 1, values: bad },
      { weight: -1, values: good },
    ];
    if (contrastPValue(gap, experiment.spread) < gateLevel) return look;
    const isHopeless = look >= 1 && experiment.gap < experiment.noise * Math.sqrt(2 / count);
    if (isHopeless) break;
  }
  return isWithinNoise(experiment, noiseLevel)
    ? experiment.result("noise", "equal runs differ by as much")
    : experiment.result("not-reproduced", "repeating both versions does not show the loss again");
}

/** Whether the loss stays when everything but the causes is reverted. */
async function isAlone(experiment: Experiment, causes: readonly number[]): Promise<boolean | null> {
  const others = experiment.without(causes);
  if (others.length === 0) return null;
  const bad = experiment.bad.reduce((sum, value) => sum + value, 0) / experiment.bad.length;
  const decision = await experiment.makeTrial(bad, 0.5)(others);
  return decision === "failed" ? null : decision === "not-restored";
}
