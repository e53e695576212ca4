import { requireInteger, requireOpenProbability } from "../arguments.js";
import { normal } from "../distributions/normal.js";

/**
 * Splits an error rate over tests whose number is not known before: test k (from 1) may spend α / (k (k + 1)), and all
 * tests together, however many, at most α (union bound; the series telescopes to 1).
 *
 * @param alpha total error rate, above 0 and below 1
 * @param test number of the test, integer of at least 1
 * @throws DeepwrightError `INVALID_ARGUMENT`
 * @example
 * ```ts
 * console.log(spendAlpha(0.05, 1), spendAlpha(0.05, 4)); // 0.025 0.0025
 * ```
 */
export function spendAlpha(alpha: number, test: number): number {
  requireOpenProbability("alpha", alpha);
  requireInteger("test", test, 1);
  return alpha / (test * (test + 1));
}

/**
 * Error rate spent up to a share of the information by a group-sequential design (Lan and DeMets 1983, Biometrika 70):
 * `obrien-fleming` spends late, `pocock` evenly. Look i may spend the value there less the value at look i - 1.
 *
 * @param alpha total two-sided error rate, above 0 and below 1
 * @param information share of the planned observations seen, 0 .. 1; 1 and more spend all
 * @throws DeepwrightError `INVALID_ARGUMENT`
 */
export function spendingFunction(shape: "obrien-fleming" | "pocock", alpha: number, information: number): number {
  requireOpenProbability("alpha", alpha);
  if (information >= 1) return alpha;
  if (!(information > 0)) return 0;
  if (shape === "pocock") return alpha * Math.log(1 + (Math.E - 1) * information);
  return 2 * normal().survival(normal().quantile(1 - alpha / 2) / Math.sqrt(information));
}
