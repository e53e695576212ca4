import { DeepwrightError } from "@deepwright/core";
import { requireFinite, requireOpenProbability } from "../arguments.js";

export interface BettingTest {
  /** @throws DeepwrightError `INVALID_ARGUMENT` when `value` is outside the bounds */
  observe(value: number): void;
  /** Evidence against the null mean; the chance that it ever reaches 1 / α under the null is at most α. */
  eValue(): number;
}

/**
 * Anytime-valid test of the mean of bounded observations without any other assumption, by betting against the null:
 * the hedged capital process with the predictable plug-in bets of Waudby-Smith and Ramdas 2024 (JRSS B 86, section 4,
 * equations 24 to 26; bets are cut at 1/2 of what could ruin).
 *
 * @param options.nullMean mean under the null, inside the bounds
 * @param options.low lower bound of every observation, default 0
 * @param options.high upper bound of every observation, default 1
 * @param options.alpha level for which the bets are tuned (any level may be tested), default 0.05
 * @param options.alternative default `two-sided`; `greater` also covers all null means below `nullMean`
 * @throws DeepwrightError `INVALID_ARGUMENT`
 * @example
 * ```ts
 * const test = bettingTest({ nullMean: 0.5 });
 * for (let round = 0; round < 30; round++) test.observe(0.8);
 * console.log(test.eValue() > 20); // true
 * ```
 */
export function bettingTest(options: {
  readonly nullMean: number;
  readonly low?: number;
  readonly high?: number;
  readonly alpha?: number;
  readonly alternative?: "two-sided" | "greater" | "less";
}): BettingTest {
  const { nullMean, low = 0, high = 1, alpha = 0.05, alternative = "two-sided" } = options;
  requireFinite("low", low);
  requireFinite("high", high);
  requireOpenProbability("alpha", alpha);
  const target = (nullMean - low) / (high - low);
  requireOpenProbability("nullMean, as a share of the way from low to high,", target);
  let upward = 0;
  let downward = 0;
  let count = 0;
  // One half observation of mean 1/2 and variance 1/4 keeps the first bets finite (section 4.2).
  let sum = 0.5;
  let squares = 0.25;
  return {
    observe(value) {
      if (!(value >= low && value <= high)) {
        throw new DeepwrightError({
          code: "INVALID_ARGUMENT",
          expected: `value to be from ${low} to ${high}`,
          got: String(value),
          todo: "Give the true bounds of the observations.",
        });
      }
      const scaled = (value - low) / (high - low);
      const spread = squares / (count + 1);
      const bet = Math.sqrt((2 * Math.log(2 / alpha)) / (spread * (count + 1) * Math.log(count + 2)));
      upward += Math.log1p(Math.min(bet, 0.5 / target) * (scaled - target));
      downward += Math.log1p(-Math.min(bet, 0.5 / (1 - target)) * (scaled - target));
      count += 1;
      sum += scaled;
      squares += (scaled - sum / (count + 1)) ** 2;
    },
    eValue() {
      if (alternative === "greater") return Math.exp(upward);
      if (alternative === "less") return Math.exp(downward);
      return (Math.exp(upward) + Math.exp(downward)) / 2;
    },
  };
}
