import { formatDuration, systemClock } from "@deepwright/core";
import type { ProofProgress } from "@deepwright/lineage";
import type { CliContext } from "./context.js";
import { cutText } from "./render-table.js";
import { formatValue } from "./render-values.js";

export interface ProofBudget {
  readonly maxRuns: number;
  readonly maxTimeMs?: number | undefined;
}

/**
 * Shows on stderr how a proof goes on: one line that is written over on a terminal, a line for each re-run elsewhere, nothing
 * with `--quiet`. The time left is that of the whole budget of re-runs at the rate so far; a proof mostly ends before.
 */
export class ProveProgress {
  readonly #cli: CliContext;
  readonly #budget: ProofBudget;
  readonly #startedMs = systemClock.monotonic();
  #running = 0;
  #made = 0;
  #resumed = 0;
  #line = false;

  constructor(cli: CliContext, budget: ProofBudget) {
    this.#cli = cli;
    this.#budget = budget;
  }

  readonly update = (progress: ProofProgress): void => {
    if (this.#cli.options.quiet) return;
    if (progress.type === "rerun-start") this.#running += 1;
    if (progress.type === "rerun-end") {
      if (progress.resumed) this.#resumed += 1;
      else {
        this.#running -= 1;
        this.#made += 1;
      }
    }
    if (this.#cli.streams.stderr.isTTY) this.#overwrite(progress);
    else if (progress.type === "rerun-end") this.#cli.note(`deepwright: ${endText(progress)} (${this.#counts()})`);
  };

  /** Takes the line away, so that what is printed next begins on an empty one. */
  end(): void {
    if (this.#line) this.#cli.streams.stderr.write("\r\u001b[K");
    this.#line = false;
  }

  #overwrite(progress: ProofProgress): void {
    const last = progress.type === "rerun-end" ? `; ${endText(progress)}` : "";
    const width = (this.#cli.streams.stderr.columns ?? 80) - 1;
    this.#cli.streams.stderr.write(`\r\u001b[K${cutText(`Proving: ${this.#counts()}${last}`, width)}`);
    this.#line = true;
  }

  #counts(): string {
    const elapsedMs = systemClock.monotonic() - this.#startedMs;
    const used = this.#made + this.#resumed;
    const parts = [`${used} of at most ${this.#budget.maxRuns} re-runs`];
    if (this.#resumed > 0) parts.push(`${this.#resumed} of them from an earlier attempt`);
    if (this.#running > 0) parts.push(`${this.#running} running`);
    if (this.#made > 0) {
      parts.push(`${Number(((this.#made * 60_000) / elapsedMs).toPrecision(2))} a minute`);
      const byRuns = ((this.#budget.maxRuns - used) * elapsedMs) / this.#made;
      const byTime = (this.#budget.maxTimeMs ?? Number.POSITIVE_INFINITY) - elapsedMs;
      parts.push(`at most ${formatDuration(Math.max(0, Math.min(byRuns, byTime)))} left`);
    }
    return parts.join(", ");
  }
}

function endText({ reverted, value, failure, resumed }: Extract<ProofProgress, { type: "rerun-end" }>): string {
  const what = `${reverted.length} ${reverted.length === 1 ? "difference" : "differences"} reverted`;
  const outcome = value === null ? `failed: ${failure ?? "no value"}` : `gave ${formatValue(value)}`;
  return `${what} ${outcome}${resumed ? " in an earlier attempt" : ""}`;
}
