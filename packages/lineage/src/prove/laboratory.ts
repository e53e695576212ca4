import type { Clock } from "@deepwright/core";
import { type Arm, BudgetSpent, type Oracle, type Outcome, setKey } from "./oracle.js";

export interface Budget {
  /** Most re-runs in all, finished ones of an earlier attempt included. */
  readonly maxRuns: number;
  /** Most time, in milliseconds from the start. */
  readonly maxTimeMs: number;
}

/** Keeps every outcome, so that nothing is run twice, and stops at the budget. */
export class Laboratory {
  private readonly outcomes = new Map<string, Map<number, Promise<Outcome>>>();
  private readonly startedAt: number;
  runsUsed = 0;

  constructor(
    private readonly oracle: Oracle,
    private readonly budget: Budget,
    private readonly clock: Clock,
    private readonly signal: AbortSignal | undefined,
  ) {
    this.startedAt = clock.monotonic();
  }

  /** Replicates `from` .. `to - 1` of a set; those known are not run again. */
  async take(reverted: readonly number[], from: number, to: number): Promise<Arm> {
    const key = setKey(reverted);
    const known = this.outcomes.get(key) ?? new Map<number, Promise<Outcome>>();
    this.outcomes.set(key, known);
    const wanted: Promise<Outcome>[] = [];
    for (let replicate = from; replicate < to; replicate++) {
      let outcome = known.get(replicate);
      if (outcome === undefined) {
        outcome = this.start(reverted, replicate);
        known.set(replicate, outcome);
      }
      wanted.push(outcome);
    }
    // All are awaited before an error is thrown, so that no re-run is left alone.
    const settled = await Promise.allSettled(wanted);
    const outcomes = settled.map((result) => {
      if (result.status === "rejected") throw result.reason;
      return result.value;
    });
    return { reverted, outcomes };
  }

  private start(reverted: readonly number[], replicate: number): Promise<Outcome> {
    this.signal?.throwIfAborted();
    const spent = this.runsUsed >= this.budget.maxRuns;
    if (spent) return Promise.reject(new BudgetSpent(`${this.budget.maxRuns} re-runs were used`));
    if (this.clock.monotonic() - this.startedAt > this.budget.maxTimeMs) {
      return Promise.reject(new BudgetSpent("the time is used up"));
    }
    this.runsUsed += 1;
    return this.oracle.evaluate(reverted, replicate);
  }
}
