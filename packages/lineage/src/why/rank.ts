import type { Difference, Evidence, RankedCause, WorseVerdict } from "../contract/index.js";

/** Why a difference can't be a cause, or `null` when it can. */
function exclusionReason(difference: Difference): string | null {
  if (difference.seed) return "a seed: it explains noise, never a regression";
  if (difference.consequence) return "a result of the run or another name for what is compared elsewhere";
  if (difference.hunk?.cosmetic) return "cosmetic: it can't change what the code does";
  return null;
}

/** Splits differences into those that can be causes and those that can't, with the reason. */
export function separateCauses(differences: readonly Difference[]): {
  readonly candidates: Difference[];
  readonly excluded: { readonly difference: Difference; readonly reason: string }[];
} {
  const candidates: Difference[] = [];
  const excluded: { difference: Difference; reason: string }[] = [];
  for (const difference of differences) {
    const reason = exclusionReason(difference);
    if (reason === null) candidates.push(difference);
    else excluded.push({ difference, reason });
  }
  return { candidates, excluded };
}

/** Log-odds of "none of the recorded differences", by whether the run is worse at all. */
const noneOfThese: Readonly<Record<WorseVerdict["worse"], number>> = { yes: 0, "cannot-tell": 1.5, no: 4 };

/**
 * How much the summed weights are flattened before they become scores: pieces of evidence are not independent. Chosen so
 * that over the simulated histories of the tests the first score is about as large as the first cause is often right.
 */
const temperature = 1.4;

/**
 * Turns the evidence for each difference into a ranking: the weights are summed, and the scores are their softmax beside
 * the mass of "none of these". Ties keep the order of the differences.
 */
export function rankCauses(
  candidates: readonly { readonly difference: Difference; readonly evidence: readonly Evidence[] }[],
  worse: WorseVerdict["worse"],
): RankedCause[] {
  const weighed = candidates.map((candidate) => ({
    ...candidate,
    weight: candidate.evidence.reduce((sum, { weight }) => sum + weight, 0) / temperature,
  }));
  const none = noneOfThese[worse];
  const top = Math.max(none, ...weighed.map(({ weight }) => weight));
  const total = weighed.reduce((sum, { weight }) => sum + Math.exp(weight - top), Math.exp(none - top));
  return weighed
    .map(({ difference, evidence, weight }) => ({
      difference,
      evidence: [...evidence].sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight)),
      score: Math.exp(weight - top) / total,
    }))
    .sort((a, b) => b.score - a.score);
}
