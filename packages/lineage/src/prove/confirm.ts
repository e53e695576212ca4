import { mean } from "@deepwright/stats";
import { contrastPValue, pooledSpread, restoredPart, type WeightedArm } from "./contrasts.js";
import type { Experiment } from "./experiment.js";
import { type Arm, isFiniteOutcome } from "./oracle.js";
import type { RestoredPart } from "./settlement.js";

/** Replicates of A and B at each look, and of each arm of a confirmation. Fixed before anything is seen. */
export const baselineLooks = [3, 6, 12] as const;
const confirmationLooks = [2, 5, 12] as const;

/** A cause must make more than this part of the gap by itself, with the other causes reverted. */
const smallestPart = 0.1;

/** Confirmations use replicates from here on: never those that the search has looked at. */
export const freshReplicates = 1000;

/** From the second look on a claim with a p-value above this is given up. */
const futileLevel = 0.1;

export type Confirmation =
  | { readonly kind: "confirmed"; readonly restored: RestoredPart; readonly interacting: boolean }
  /** One group seems to do nothing beside the others. */
  | { readonly kind: "unneeded"; readonly group: number }
  | { readonly kind: "failed"; readonly reason: string };

export interface ConfirmOptions {
  readonly experiment: Experiment;
  readonly groups: readonly (readonly number[])[];
  /** Number of the proposal, from 1; each has replicates of its own. */
  readonly attempt: number;
  /** Error rate that this proposal may spend. */
  readonly level: number;
  /** Index into {@link baselineLooks} of the baselines so far. */
  readonly baselineLook: number;
}

/** Tests the two claims of {@link settle} for one proposal on fresh replicates, with more of them at each look. */
export async function confirm({ experiment, groups, attempt, level, ...start }: ConfirmOptions): Promise<Confirmation> {
  const { laboratory } = experiment;
  const first = freshReplicates * attempt;
  const units = groups.flat();
  // Leaving the only group out gives B, whose baseline is there already.
  const single = groups.length === 1;
  const sets = [units, ...(single ? [] : groups.map((_, left) => groups.filter((_, index) => index !== left).flat()))];
  let baselineLook = start.baselineLook;
  for (let look = 0; look < confirmationLooks.length; look++) {
    const last = first + (confirmationLooks[look] as number);
    const arms = await Promise.all(sets.map((set) => laboratory.take(set, first, last)));
    const failing = arms.find((arm) => arm.outcomes.includes(null));
    if (failing) {
      experiment.record(failing, first, "failed");
      return { kind: "failed", reason: "a confirming re-run failed" };
    }
    const { good, bad } = experiment;
    const gap = experiment.gap;
    const worst = mean(bad);
    const values = arms.map((arm) => arm.outcomes.map((outcome) => (isFiniteOutcome(outcome) ? outcome : worst)));
    const treated = values[0] as number[];
    const left = single ? [bad] : values.slice(1);
    experiment.spread = pooledSpread([good, bad, ...values]);
    const claims = 1 + groups.length;
    const share = level / claims / (baselineLooks.length * confirmationLooks.length);
    let largest = 0;
    const holds = (contrast: readonly WeightedArm[]) => {
      const pValue = contrastPValue(contrast, experiment.spread);
      largest = Math.max(largest, pValue);
      return pValue < share;
    };
    const restores = holds([
      { weight: 0.5, values: bad },
      { weight: 0.5, values: good },
      { weight: -1, values: treated },
    ]);
    const needed = left.map((other) =>
      holds([
        ...(single ? [] : [{ weight: 1, values: other }]),
        { weight: (single ? 1 : 0) - smallestPart, values: bad },
        { weight: -1, values: treated },
        { weight: smallestPart, values: good },
      ]),
    );
    experiment.record(arms[0] as Arm, first, restores ? "restored" : "undecided");
    arms.slice(1).forEach((arm, index) => {
      const part = (worst - mean(values[index + 1] as number[])) / gap;
      experiment.record(arm, first, !needed[index] ? "undecided" : part > 0.25 ? "partly" : "not-restored");
    });
    const losses = left.map((other) => mean(other) - mean(treated));
    if (restores && needed.every(Boolean)) {
      const lost = losses.reduce((sum, loss) => sum + loss, 0);
      const interacting = lost > worst - mean(treated) + 0.25 * gap;
      return { kind: "confirmed", restored: restoredPart(good, bad, treated, experiment.spread, 0.95), interacting };
    }
    const least = losses.indexOf(Math.min(...losses));
    if (!single && (losses[least] as number) < smallestPart * gap) return { kind: "unneeded", group: least };
    if (look >= 1 && largest > futileLevel) break;
    if (baselineLook + 1 < baselineLooks.length) {
      baselineLook += 1;
      await experiment.baselines(baselineLooks[baselineLook] as number);
    }
  }
  return { kind: "failed", reason: "the noise is too large for the gap" };
}
