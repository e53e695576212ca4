/**
 * Few sets that hold all that any of them holds: always the one with most that is still missing, the first of equals. At most
 * ln(n) + 1 times as many as needed (V. Chvátal, "A greedy heuristic for the set-covering problem", 1979, theorem).
 *
 * @param sets elements 0 .. size - 1
 * @returns places of the chosen sets, in the order in which they were chosen
 */
export function coverGreedily(sets: readonly (readonly number[])[], size: number): number[] {
  const covered = new Uint8Array(size);
  const gain = (place: number): number => (sets[place] ?? []).filter((element) => covered[element] === 0).length;
  // Gains only fall, so a set whose old gain is below the best new one need not be looked at.
  let waiting = sets
    .map((set, place) => ({ place, gain: new Set(set).size }))
    .sort((a, b) => b.gain - a.gain || a.place - b.place);
  const chosen: number[] = [];
  for (;;) {
    let best: { place: number; gain: number } | null = null;
    for (const each of waiting) {
      if (best !== null && each.gain < best.gain) break;
      each.gain = gain(each.place);
      if (best === null || each.gain > best.gain || (each.gain === best.gain && each.place < best.place)) best = each;
    }
    if (best === null || best.gain === 0) return chosen;
    chosen.push(best.place);
    for (const element of sets[best.place] ?? []) covered[element] = 1;
    const taken = best.place;
    waiting = waiting
      .filter(({ place, gain: left }) => place !== taken && left > 0)
      .sort((a, b) => b.gain - a.gain || a.place - b.place);
  }
}
