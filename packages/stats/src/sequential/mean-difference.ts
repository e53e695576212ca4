import { requireFinite, requireOpenProbability, requirePositive } from "../arguments.js";

export interface MeanDifferenceOptions {
  /**
   * Standard deviation of the normal prior on the standardised effect (difference / standard deviation from run to
   * run). The e-process is valid for any value and quickest for effects of about this size. Above 0, default 1.
   */
  readonly effectScale?: number;
  /** Known standard deviation of one observation; left out it is unknown and common to both groups. */
  readonly standardDeviation?: number;
}

/** Sizes, means and sums of squared deviations: all that the test needs of its observations. */
export interface GroupSummary {
  readonly count: number;
  readonly mean: number;
  readonly squares: number;
}

/**
 * Watches the difference of the means of two groups of normal observations, one at a time, in any interleaving that
 * does not look at the values, and may be looked at after each: whatever the stopping rule, the chance that the e-value
 * of a true null difference ever reaches 1 / α is at most α, and all intervals at level 1 - α together cover the true
 * difference with at least that probability.
 *
 * With known σ it is Robbins' normal mixture (Robbins 1970, Ann. Math. Stat. 41, section 3), with unknown σ the
 * Bayes factor under the right Haar prior on location and scale, a test martingale by group invariance (Pérez-Ortiz,
 * Lardy, de Heide and Grünwald 2024, Ann. Stat. 52, theorem 4.2; the closed form is that of Gönen et al. 2005).
 *
 * @example
 * ```ts
 * const test = meanDifferenceTest({ standardDeviation: 1 });
 * for (const value of [5.1, 4.6, 5.3, 4.9]) test.observe("first", value);
 * for (const value of [0.2, -0.4, 0.1, 0.3]) test.observe("second", value);
 * console.log(test.eValue() > 20, test.interval(0.95).low > 0); // true true
 * ```
 */
export interface MeanDifferenceTest {
  /** @throws DeepwrightError `INVALID_ARGUMENT` when `value` is not finite */
  observe(group: "first" | "second", value: number): void;
  /** Evidence against `difference = nullDifference`; 1 / e is an anytime-valid p-value. May be Infinity. */
  eValue(nullDifference?: number): number;
  /** Interval of the difference, first less second, valid at every look together. Infinite before it can speak. */
  interval(confidence: number): { readonly low: number; readonly high: number };
  readonly first: GroupSummary;
  readonly second: GroupSummary;
}

/** Adds one value (Welford 1962). */
function extend(group: GroupSummary, value: number): GroupSummary {
  const count = group.count + 1;
  const deviation = value - group.mean;
  const mean = group.mean + deviation / count;
  return { count, mean, squares: group.squares + deviation * (value - mean) };
}

const emptyGroup: GroupSummary = { count: 0, mean: 0, squares: 0 };

/** @throws DeepwrightError `INVALID_ARGUMENT` for a scale or deviation that is not above 0 */
export function meanDifferenceTest(options: MeanDifferenceOptions = {}): MeanDifferenceTest {
  const { effectScale = 1, standardDeviation } = options;
  requirePositive("effectScale", effectScale);
  if (standardDeviation !== undefined) requirePositive("standardDeviation", standardDeviation);
  let first = emptyGroup;
  let second = emptyGroup;
  const evidence = () => {
    const size = first.count > 0 && second.count > 0 ? 1 / (1 / first.count + 1 / second.count) : 0;
    return {
      difference: first.mean - second.mean,
      size,
      inflation: 1 + size * effectScale * effectScale,
      degrees: first.count + second.count - 2,
      squares: first.squares + second.squares,
    };
  };
  return {
    get first() {
      return first;
    },
    get second() {
      return second;
    },
    observe(group, value) {
      requireFinite("value", value);
      if (group === "first") first = extend(first, value);
      else second = extend(second, value);
    },
    eValue(nullDifference = 0) {
      const { difference, size, inflation, degrees, squares } = evidence();
      if (size === 0) return 1;
      const excess = size * (difference - nullDifference) ** 2;
      if (standardDeviation !== undefined) {
        const chi = excess / standardDeviation ** 2;
        return Math.exp((chi * (1 - 1 / inflation)) / 2 - Math.log(inflation) / 2);
      }
      if (degrees < 1 || (excess === 0 && squares === 0)) return 1;
      const gain = Math.log(squares + excess) - Math.log(squares + excess / inflation);
      return Math.exp(((degrees + 1) / 2) * gain - Math.log(inflation) / 2);
    },
    interval(confidence) {
      requireOpenProbability("confidence", confidence);
      const { difference, size, inflation, degrees, squares } = evidence();
      const everything = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };
      if (size === 0) return everything;
      // Both solve eValue(difference ± margin) = 1 / (1 - confidence).
      const needed = -Math.log(1 - confidence) + Math.log(inflation) / 2;
      let excess: number;
      if (standardDeviation !== undefined) {
        excess = (2 * needed * standardDeviation ** 2) / (1 - 1 / inflation);
      } else {
        if (degrees < 1) return everything;
        const growth = Math.exp((2 * needed) / (degrees + 1));
        if (growth >= inflation) return everything;
        excess = (squares * (growth - 1)) / (1 - growth / inflation);
      }
      const margin = Math.sqrt(excess / size);
      return { low: difference - margin, high: difference + margin };
    },
  };
}
