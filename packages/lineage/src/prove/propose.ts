import { mean } from "@deepwright/stats";
import type { Experiment } from "./experiment.js";
import { narrow } from "./narrow.js";
import { isFiniteOutcome } from "./oracle.js";

/**
 * Proposes groups of units that seem to restore: the most plausible unit alone first, then by narrowing. Goes on with
 * what is left while a clear part of the gap is, so that causes which each make a part of it are all found.
 *
 * @param threshold part of the (remaining) gap from which a trial counts as restored
 */
export async function propose(experiment: Experiment, threshold: number): Promise<readonly (readonly number[])[]> {
  const good = mean(experiment.good);
  const groups: (readonly number[])[] = [];
  let bad = mean(experiment.bad);
  for (let layer = 0; layer < 4; layer++) {
    const fixed = groups.flat();
    const trial = experiment.makeTrial(bad, threshold);
    const candidates = experiment.order.filter((unit) => !fixed.includes(unit));
    const top = candidates[0];
    if (top === undefined) break;
    if (candidates.length > 1 && (await trial([...fixed, top])) === "restored") groups.push([top]);
    else groups.push(...(await narrow({ candidates, weights: experiment.options.weights, fixed, trial })));
    experiment.suspects = groups.flat();
    const [outcome] = (await experiment.laboratory.take(experiment.suspects, 0, 1)).outcomes;
    if (outcome === undefined || !isFiniteOutcome(outcome)) break;
    bad = outcome;
    if (bad - good < Math.max(0.2 * experiment.gap, 3 * experiment.noise)) break;
  }
  return groups;
}
