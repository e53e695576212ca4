/** What one trial says: does reverting this set bring the metric back? `failed`: it could not be run. */
export type TrialDecision = "restored" | "not-restored" | "failed";

export interface NarrowOptions {
  /** Units in the order of the ranking, most suspect first. Reverting all of them with `fixed` restores. */
  readonly candidates: readonly number[];
  /** Plausibility of each unit, for splits that halve the suspicion rather than the number. */
  readonly weights: readonly number[];
  /** Units that stay reverted. Reverting them alone does not restore. */
  readonly fixed: readonly number[];
  /** Answers must not change between calls for the same set. */
  readonly trial: (reverted: readonly number[]) => Promise<TrialDecision>;
}

/**
 * Finds a small set of units which, reverted with `fixed`, restores. Delta debugging (Zeller and Hildebrandt 2002, IEEE
 * TSE 28) with a prefix search in place of its fixed partitions, as in QuickXplain (Junker 2004, AAAI): a transition
 * from not restored to restored along the ranking is enclosed by weighted halving, its unit is kept, and the search
 * goes on below it until the kept units restore by themselves. About log2(1 / weight) trials for each cause; a
 * transition is found whether or not the response is monotone. Where every split between two ends fails, the units between them are
 * reduced by their complements, as in ddmin, and what is left stays one group.
 *
 * @returns groups of units; all groups together restore
 */
export async function narrow({
  candidates,
  weights,
  fixed,
  trial,
}: NarrowOptions): Promise<readonly (readonly number[])[]> {
  const kept: (readonly number[])[] = [];
  let rest = [...candidates];
  for (;;) {
    let low = 0;
    let high = rest.length;
    const unresolved = new Set<number>();
    while (high - low > 1) {
      const middle = splitByWeight(rest, weights, low, high, unresolved);
      if (middle === undefined) break;
      const decision = await trial([...fixed, ...kept.flat(), ...rest.slice(0, middle)]);
      if (decision === "restored") high = middle;
      else if (decision === "not-restored") low = middle;
      else unresolved.add(middle);
    }
    const below = rest.slice(0, low);
    kept.push(await reduce(rest.slice(low, high), [...fixed, ...kept.flat(), ...below], trial));
    rest = below;
    if (rest.length === 0 || (await trial([...fixed, ...kept.flat()])) === "restored") return kept;
  }
}

/** The open split point between `low` and `high` that comes closest to halving the weight. */
function splitByWeight(
  units: readonly number[],
  weights: readonly number[],
  low: number,
  high: number,
  unresolved: ReadonlySet<number>,
): number | undefined {
  let total = 0;
  for (let index = low; index < high; index++) total += weights[units[index] as number] ?? 0;
  let best: number | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  let below = 0;
  for (let middle = low + 1; middle < high; middle++) {
    below += weights[units[middle - 1] as number] ?? 0;
    const distance = Math.abs(below - total / 2);
    if (!unresolved.has(middle) && distance < bestDistance) {
      best = middle;
      bestDistance = distance;
    }
  }
  return best;
}

/** Shrinks a group that restores beside `context`: to one unit if one does, else by leaving out one at a time. */
async function reduce(
  group: readonly number[],
  context: readonly number[],
  trial: NarrowOptions["trial"],
): Promise<readonly number[]> {
  if (group.length === 1) return group;
  for (const unit of group) {
    if ((await trial([...context, unit])) === "restored") return [unit];
  }
  let left = group;
  for (const unit of group) {
    const without = left.filter((other) => other !== unit);
    if (without.length > 0 && (await trial([...context, ...without])) === "restored") left = without;
  }
  return left;
}
