/** Observed counts and expected fractions of the same categories; the fractions sum to 1. */
interface Sample {
  readonly observed: readonly number[];
  readonly expected: readonly number[];
}

const total = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);

/** A category that one side lacks would make the index infinite, so fractions are at least this (as Evidently does). */
const least = 1e-4;

/** Sum of (p - q) ln(p / q) over categories (Siddiqi, Credit Risk Scorecards, 2006, chapter 10). */
export function populationStabilityIndex({ observed, expected }: Sample): number {
  const n = total(observed);
  return total(
    observed.map((count, index) => {
      const p = Math.max(count / n, least);
      const q = Math.max(expected[index] ?? 0, least);
      return (p - q) * Math.log(p / q);
    }),
  );
}

/** Square root of the Jensen-Shannon divergence in bits, a metric within 0 .. 1 (Endres and Schindelin, 2003). */
export function jensenShannonDistance({ observed, expected }: Sample): number {
  const n = total(observed);
  const divergence = total(
    observed.map((count, index) => {
      const p = count / n;
      const q = expected[index] ?? 0;
      const middle = (p + q) / 2;
      return ((p === 0 ? 0 : p * Math.log2(p / middle)) + (q === 0 ? 0 : q * Math.log2(q / middle))) / 2;
    }),
  );
  return Math.sqrt(Math.max(0, divergence));
}

/** The greatest difference of a fraction from the expected one. */
export function categoricalDistance({ observed, expected }: Sample): number {
  const n = total(observed);
  return Math.max(...observed.map((count, index) => Math.abs(count / n - (expected[index] ?? 0))));
}

/** Pearson's statistic (1900). A count where nothing is expected makes it infinite. */
export function pearsonChiSquare({ observed, expected }: Sample): { statistic: number; degreesOfFreedom: number } {
  const n = total(observed);
  const used = observed.map((count, index) => ({ count, wanted: (expected[index] ?? 0) * n }));
  const statistic = total(
    used.map(({ count, wanted }) =>
      wanted === 0 ? (count === 0 ? 0 : Number.POSITIVE_INFINITY) : (count - wanted) ** 2 / wanted,
    ),
  );
  return { statistic, degreesOfFreedom: used.filter(({ wanted }) => wanted > 0).length - 1 };
}
