import { requireOpenProbability, requireSample } from "../arguments.js";
import { mean, variance } from "../descriptive/moments.js";
import { studentT } from "../distributions/student-t.js";

/** Which alternative a test looks for. `greater`: the first mean (or the difference) is above the null value. */
export type Alternative = "two-sided" | "greater" | "less";

export interface MeanTest {
  /** Mean of the first sample less mean of the second. */
  readonly difference: number;
  readonly standardError: number;
  readonly degreesOfFreedom: number;
  readonly statistic: number;
  readonly pValue: number;
  /** Two-sided interval of the difference at `confidence`. */
  readonly interval: { readonly low: number; readonly high: number };
}

export interface MeanTestOptions {
  /** Default `two-sided`. */
  readonly alternative?: Alternative;
  /** Above 0 and below 1, default 0.95. */
  readonly confidence?: number;
  /** Difference under the null hypothesis, default 0. */
  readonly nullDifference?: number;
}

/** p-value of a statistic that is symmetric about 0 under the null, from its survival function. */
function tailProbability(survival: (t: number) => number, t: number, alternative: Alternative): number {
  if (alternative === "two-sided") return Math.min(1, 2 * survival(Math.abs(t)));
  return alternative === "greater" ? survival(t) : survival(-t);
}

/** t statistic that stays defined without any spread: 0 when nothing differs, else infinite. */
const ratio = (difference: number, standardError: number): number =>
  standardError > 0 ? difference / standardError : difference === 0 ? 0 : Math.sign(difference) * Infinity;

/**
 * Welch's test of two means with unequal variances (Welch 1947, Biometrika 34; Satterthwaite's degrees of freedom).
 *
 * @param first two finite values or more
 * @param second two finite values or more
 * @throws DeepwrightError `INVALID_ARGUMENT`
 * @example
 * ```ts
 * const test = welchTest([14.1, 14.3, 14.2], [14.9, 15.2, 15.0]);
 * console.log(test.difference.toFixed(3), test.pValue.toFixed(4)); // -0.833 0.0037
 * ```
 */
export function welchTest(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  options: MeanTestOptions = {},
): MeanTest {
  requireSample("first", first, 2);
  requireSample("second", second, 2);
  const { alternative = "two-sided", confidence = 0.95, nullDifference = 0 } = options;
  requireOpenProbability("confidence", confidence);
  const left = variance(first) / first.length;
  const right = variance(second) / second.length;
  const standardError = Math.sqrt(left + right);
  const spread = left ** 2 / (first.length - 1) + right ** 2 / (second.length - 1);
  const degreesOfFreedom = spread > 0 ? (left + right) ** 2 / spread : first.length + second.length - 2;
  const difference = mean(first) - mean(second);
  const statistic = ratio(difference - nullDifference, standardError);
  const t = studentT(degreesOfFreedom);
  const margin = t.quantile((1 + confidence) / 2) * standardError;
  return {
    difference,
    standardError,
    degreesOfFreedom,
    statistic,
    pValue: tailProbability(t.survival, statistic, alternative),
    interval: { low: difference - margin, high: difference + margin },
  };
}
