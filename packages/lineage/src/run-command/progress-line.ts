import { formatDuration, systemClock } from "@deepwright/core";

const intervalMs = 500;

/** One line on stderr that shows, on a terminal, that recording goes on. Leaves nothing behind in the output. */
export class ProgressLine {
  readonly #startedMs = systemClock.monotonic();
  readonly #latest = new Map<string, number>();
  readonly #timer: NodeJS.Timeout | undefined;
  #step: number | null = null;
  #points = 0;
  #visible = false;

  constructor(wanted: boolean) {
    if (wanted && process.stderr.isTTY) this.#timer = setInterval(() => this.#draw(), intervalMs).unref();
  }

  metrics(step: number | null, values: Readonly<Record<string, number>>): void {
    if (!this.#timer) return;
    this.#step = step ?? this.#step;
    for (const [name, value] of Object.entries(values)) {
      this.#latest.delete(name);
      this.#latest.set(name, value);
      this.#points += 1;
    }
  }

  /** Makes room before the command writes. */
  clear(): void {
    if (this.#visible) process.stderr.write("\r\u001b[K");
    this.#visible = false;
  }

  end(): void {
    clearInterval(this.#timer);
    this.clear();
  }

  #draw(): void {
    const elapsedMs = systemClock.monotonic() - this.#startedMs;
    const rate = this.#points / (elapsedMs / 1000);
    const parts = [`recording ${formatDuration(elapsedMs)}`];
    if (this.#step !== null) parts.push(`step ${this.#step}`);
    for (const [name, value] of [...this.#latest].slice(-3)) parts.push(`${name} ${Number(value.toPrecision(4))}`);
    if (this.#points > 0) parts.push(`${rate.toFixed(1)} points/s`);
    const width = Math.max(20, (process.stderr.columns ?? 80) - 1);
    // The cursor returns to the first column, so that what the command prints to stderr overwrites the line.
    process.stderr.write(`\r\u001b[K${parts.join(" · ").slice(0, width)}\r`);
    this.#visible = true;
  }
}
