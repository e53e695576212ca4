import { DeepwrightError } from "@deepwright/core";
import { requireFinite, requireOpenProbability, requirePositive } from "../arguments.js";

export interface SequentialRatioTest {
  /** Adds one observation and says where the test stands; after a decision nothing changes any more. */
  observe(value: number): "null" | "alternative" | "continue";
  readonly decision: "null" | "alternative" | "continue";
  /** Log-likelihood ratio of the alternative to the null. */
  readonly logRatio: number;
  readonly count: number;
}

export interface ErrorRates {
  /** Chance to decide for the alternative when the null is true, default 0.05. */
  readonly falsePositive?: number;
  /** Chance to decide for the null when the alternative is true, default 0.05. */
  readonly falseNegative?: number;
}

/** Wald's boundaries (Wald 1945, Ann. Math. Stat. 16, section 3.3): error rates sum to at most the two given. */
function ratioTest(logRatioOf: (value: number) => number, rates: ErrorRates): SequentialRatioTest {
  const { falsePositive = 0.05, falseNegative = 0.05 } = rates;
  requireOpenProbability("falsePositive", falsePositive);
  requireOpenProbability("falseNegative", falseNegative);
  const upper = Math.log((1 - falseNegative) / falsePositive);
  const lower = Math.log(falseNegative / (1 - falsePositive));
  let logRatio = 0;
  let count = 0;
  let decision: "null" | "alternative" | "continue" = "continue";
  return {
    get decision() {
      return decision;
    },
    get logRatio() {
      return logRatio;
    },
    get count() {
      return count;
    },
    observe(value) {
      if (decision !== "continue") return decision;
      logRatio += logRatioOf(value);
      count += 1;
      if (logRatio >= upper) decision = "alternative";
      else if (logRatio <= lower) decision = "null";
      return decision;
    },
  };
}

/**
 * Sequential probability ratio test of a normal mean with known standard deviation.
 *
 * @throws DeepwrightError `INVALID_ARGUMENT`
 * @example
 * ```ts
 * const test = normalRatioTest({ nullMean: 0, alternativeMean: 1, standardDeviation: 0.5 });
 * console.log(test.observe(1.1), test.observe(0.9)); // continue alternative
 * ```
 */
export function normalRatioTest(
  options: ErrorRates & {
    readonly nullMean: number;
    readonly alternativeMean: number;
    readonly standardDeviation: number;
  },
): SequentialRatioTest {
  const { nullMean, alternativeMean, standardDeviation } = options;
  requireFinite("nullMean", nullMean);
  requireFinite("alternativeMean", alternativeMean);
  requirePositive("standardDeviation", standardDeviation);
  const slope = (alternativeMean - nullMean) / standardDeviation ** 2;
  const center = (alternativeMean + nullMean) / 2;
  return ratioTest((value) => {
    requireFinite("value", value);
    return slope * (value - center);
  }, options);
}

/**
 * Sequential probability ratio test of a success probability; observe 0 or 1.
 *
 * @throws DeepwrightError `INVALID_ARGUMENT`
 */
export function bernoulliRatioTest(
  options: ErrorRates & { readonly nullProbability: number; readonly alternativeProbability: number },
): SequentialRatioTest {
  const { nullProbability, alternativeProbability } = options;
  requireOpenProbability("nullProbability", nullProbability);
  requireOpenProbability("alternativeProbability", alternativeProbability);
  const success = Math.log(alternativeProbability / nullProbability);
  const failure = Math.log((1 - alternativeProbability) / (1 - nullProbability));
  return ratioTest((value) => {
    if (value === 1) return success;
    if (value === 0) return failure;
    throw new DeepwrightError({
      code: "INVALID_ARGUMENT",
      expected: "value to be 0 or 1",
      got: String(value),
      todo: "Observe 1 for a success and 0 for a failure.",
    });
  }, options);
}
