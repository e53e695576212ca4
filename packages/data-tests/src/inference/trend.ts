/** Two-sided probability of calling a series without a trend one with a trend: 0.0027. */
const leastDeviations = 3;

/**
 * Whether figures of one version after the other rise or fall, so that what was seen bounds nothing that comes: the test of H. B. Mann,
 * "Nonparametric tests against trend", Econometrica 13 (1945), with the variance for ties of M. G. Kendall, "Rank
 * Correlation Methods" (1975), chapter 4.
 *
 * @param figures in the order of time; fewer than 8 show no trend
 */
export function hasTrend(figures: readonly number[]): boolean {
  const n = figures.length;
  if (n < 8) return false;
  let score = 0;
  const ties = new Map<number, number>();
  for (const [index, figure] of figures.entries()) {
    ties.set(figure, (ties.get(figure) ?? 0) + 1);
    for (const later of figures.slice(index + 1)) score += Math.sign(later - figure);
  }
  let variance = n * (n - 1) * (2 * n + 5);
  for (const size of ties.values()) variance -= size * (size - 1) * (2 * size + 5);
  return variance > 0 && (Math.abs(score) - 1) / Math.sqrt(variance / 18) > leastDeviations;
}
