import { type Clock, systemClock } from "@deepwright/core";
import { mean } from "@deepwright/stats";
import type { Spread } from "./contrasts.js";
import { Laboratory } from "./laboratory.js";
import type { TrialDecision } from "./narrow.js";
import { type Arm, isFiniteOutcome, setKey, valuesOf } from "./oracle.js";
import type { SettledStep, Settlement, SettleOptions } from "./settlement.js";

/** What a search and its confirmations share: the baselines, the noise, the steps so far. */
export class Experiment {
  readonly laboratory: Laboratory;
  readonly everything: readonly number[];
  /** All units, most plausible first. */
  readonly order: readonly number[];
  readonly steps: SettledStep[] = [];
  /** Values of A (everything reverted) and of B (nothing reverted). */
  good: readonly number[] = [];
  bad: readonly number[] = [];
  spread: Spread = { standardDeviation: Number.NaN, degreesOfFreedom: 0 };
  suspects: readonly number[] = [];

  constructor(readonly options: SettleOptions) {
    const clock: Clock = options.clock ?? systemClock;
    const budget = { maxRuns: options.maxRuns ?? 60, maxTimeMs: options.maxTimeMs ?? Number.POSITIVE_INFINITY };
    this.laboratory = new Laboratory(options.oracle, budget, clock, options.signal);
    this.everything = Array.from({ length: options.oracle.unitCount }, (_, unit) => unit);
    this.order = [...this.everything].sort((a, b) => (options.weights[b] ?? 0) - (options.weights[a] ?? 0));
  }

  get gap(): number {
    return this.good.length > 0 && this.bad.length > 0 ? mean(this.bad) - mean(this.good) : Number.NaN;
  }

  /** Standard deviation from run to run; 0 where it is unknown. */
  get noise(): number {
    return Number.isNaN(this.spread.standardDeviation) ? 0 : this.spread.standardDeviation;
  }

  without(units: readonly number[]): readonly number[] {
    return this.everything.filter((unit) => !units.includes(unit));
  }

  /** Adds a step, or replaces it when the same set got more replicates. */
  record(arm: Arm, firstReplicate: number, decision: SettledStep["decision"]): void {
    const step = { reverted: arm.reverted, firstReplicate, outcomes: arm.outcomes, decision };
    const earlier = this.steps.findIndex(
      (other) => other.firstReplicate === firstReplicate && setKey(other.reverted) === setKey(arm.reverted),
    );
    if (earlier >= 0) this.steps[earlier] = step;
    else this.steps.push(step);
    this.options.onStep?.(step);
  }

  /** Runs A and B until each has `count` replicates, and keeps their finite values. */
  async baselines(count: number): Promise<{ readonly a: Arm; readonly b: Arm }> {
    const [a, b] = await Promise.all([
      this.laboratory.take(this.everything, 0, count),
      this.laboratory.take([], 0, count),
    ]);
    this.record(b, 0, b.outcomes.includes(null) ? "failed" : "not-restored");
    this.record(a, 0, a.outcomes.includes(null) ? "failed" : "restored");
    this.good = valuesOf(a);
    this.bad = valuesOf(b);
    return { a, b };
  }

  /**
   * Trials that call a set restored from `threshold` of the way from `bad` to `good` on: one run, repeated up to four
   * times while it is within two standard deviations of the line.
   */
  makeTrial(bad: number, threshold: number): (reverted: readonly number[]) => Promise<TrialDecision> {
    const good = mean(this.good);
    const line = bad - threshold * (bad - good);
    return async (reverted) => {
      for (let count = 1; ; count++) {
        const arm = await this.laboratory.take(reverted, 0, count);
        if (arm.outcomes.includes(null)) {
          this.record(arm, 0, "failed");
          return "failed";
        }
        const value = mean(arm.outcomes.map((outcome) => (isFiniteOutcome(outcome) ? outcome : bad)));
        if (count < 4 && Math.abs(value - line) < (2 * this.noise) / Math.sqrt(count)) continue;
        const part = (bad - value) / (bad - good);
        const decision = value < line ? "restored" : "not-restored";
        this.record(arm, 0, part > 0.25 && part < 0.75 ? "partly" : decision);
        return decision;
      }
    };
  }

  result(
    verdict: Settlement["verdict"],
    reason: string,
    found: Partial<Pick<Settlement, "causes" | "restored" | "alone">> = {},
  ): Settlement {
    return {
      verdict,
      causes: found.causes ?? [],
      suspects: found.causes?.flat() ?? this.suspects,
      restored: found.restored ?? null,
      alone: found.alone ?? null,
      gap: this.gap,
      standardDeviation: this.spread.standardDeviation,
      runsUsed: this.laboratory.runsUsed,
      steps: this.steps,
      reason,
    };
  }
}
