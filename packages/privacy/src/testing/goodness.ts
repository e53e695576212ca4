import { chiSquare } from "@deepwright/stats";

/**
 * Pearson's chi-square test of drawn integers against exact probabilities; outcomes expected fewer than ten times are
 * counted together.
 *
 * @returns the p-value
 */
export function goodnessOfFit(draws: readonly number[], probability: (value: number) => number): number {
  const counts = new Map<number, number>();
  for (const value of draws) counts.set(value, (counts.get(value) ?? 0) + 1);
  let [statistic, cells, restExpected, restSeen] = [0, 0, draws.length, draws.length];
  const reach = Math.max(...draws.map(Math.abs));
  for (let value = -reach; value <= reach; value++) {
    const expected = probability(value) * draws.length;
    if (expected < 10) continue;
    const seen = counts.get(value) ?? 0;
    statistic += (seen - expected) ** 2 / expected;
    restExpected -= expected;
    restSeen -= seen;
    cells += 1;
  }
  if (restExpected >= 5) {
    statistic += (restSeen - restExpected) ** 2 / restExpected;
    cells += 1;
  }
  return chiSquare(cells - 1).survival(statistic);
}
