import { chiSquare } from "@deepwright/stats";

/** Rows of one category or bin on the two sides. */
export interface PairCount {
  readonly before: number;
  readonly after: number;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

export interface Effect {
  readonly effect: number;
  /** Bound of the probability of so great an effect where the true one is at most `minEffect`. */
  readonly pValue: number;
  /** The greatest effect that chance explains beside a true one of `minEffect`, with 95 % confidence. */
  readonly noiseBand: number;
}

const level = 0.05;
const none: Effect = { effect: 0, pValue: 1, noiseBand: 1 };

/**
 * Half the sum of |p - q|: the greatest difference in the probability of any set of categories. Its noise is at most its expectation
 * (Jensen's inequality, pooled fractions) plus t with probability exp(-2 t^2 nm / (n + m)): C. McDiarmid, "On the method of bounded
 * differences" (1989), lemma 1.2, as one row moves the distance by at most 1/n or 1/m.
 */
export function totalVariation(counts: readonly PairCount[], minEffect: number): Effect {
  const n = sum(counts.map(({ before }) => before));
  const m = sum(counts.map(({ after }) => after));
  if (n === 0 || m === 0) return none;
  const effect = sum(counts.map(({ before, after }) => Math.abs(before / n - after / m))) / 2;
  const expected =
    sum(
      counts.map(({ before, after }) => {
        const pooled = (before + after) / (n + m);
        return Math.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m));
      }),
    ) / 2;
  const size = (n * m) / (n + m);
  const excess = effect - minEffect - expected;
  return {
    effect,
    pValue: excess <= 0 ? 1 : Math.exp(-2 * excess * excess * size),
    noiseBand: minEffect + expected + Math.sqrt(-Math.log(level) / (2 * size)),
  };
}

/**
 * The greatest distance of two distribution functions. Each sample's lies from the true one further than a with probability at most
 * 2 exp(-2 n a^2) (P. Massart, "The tight constant in the Dvoretzky-Kiefer-Wolfowitz inequality", Ann. Probab. 18 (1990),
 * corollary 1), and the excess is split so that both terms are equal.
 */
export function kolmogorovEffect(statistic: number, n: number, m: number, minEffect: number): Effect {
  if (n === 0 || m === 0) return none;
  const size = (n * m) / (Math.sqrt(n) + Math.sqrt(m)) ** 2;
  const excess = statistic - minEffect;
  return {
    effect: statistic,
    pValue: excess <= 0 ? 1 : Math.min(1, 4 * Math.exp(-2 * excess * excess * size)),
    noiseBand: minEffect + Math.sqrt(Math.log(4 / level) / (2 * size)),
  };
}

/** Pearson's test that both sides have the same fractions; categories with few rows are taken together. */
export function homogeneity(counts: readonly PairCount[]): { readonly statistic: number; readonly pValue: number } {
  const n = sum(counts.map(({ before }) => before));
  const m = sum(counts.map(({ after }) => after));
  if (n === 0 || m === 0) return { statistic: 0, pValue: 1 };
  // An expected count below 5 makes the limit distribution a bad one (Cochran, 1954).
  const isRare = ({ before, after }: PairCount): boolean => ((before + after) * Math.min(n, m)) / (n + m) < 5;
  const rare = counts.filter(isRare);
  const merged = { before: sum(rare.map(({ before }) => before)), after: sum(rare.map(({ after }) => after)) };
  const used = [...counts.filter((count) => !isRare(count)), ...(merged.before + merged.after > 0 ? [merged] : [])];
  const statistic = sum(
    used.map(({ before, after }) => {
      const pooled = (before + after) / (n + m);
      return (before - n * pooled) ** 2 / (n * pooled) + (after - m * pooled) ** 2 / (m * pooled);
    }),
  );
  return { statistic, pValue: used.length < 2 ? 1 : chiSquare(used.length - 1).survival(statistic) };
}
