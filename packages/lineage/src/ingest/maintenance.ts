import type { Store } from "@deepwright/store";

/** A look at the statistics costs a few milliseconds; so many events can make a difference to them. */
const eventsBetweenLooks = 5_000;

/**
 * Keeps the planner's statistics of an embedded database in step with what is taken in: after many events as soon as
 * nothing waits, and once at the end. Without them a search over 100,000 runs takes ten times as long.
 */
export class Maintenance {
  #events = 0;

  constructor(private readonly store: Store) {}

  /** Counts events that were written. */
  note(events: number): void {
    this.#events += events;
  }

  /** Looks when it is time, at the end also after few events. */
  async run({ atEnd = false } = {}): Promise<void> {
    if (this.#events === 0 || (!atEnd && this.#events < eventsBetweenLooks)) return;
    this.#events = 0;
    try {
      const { maintainStore } = await import("@deepwright/store");
      await maintainStore(this.store);
    } catch {
      // What was taken in is safe; a full disk or a server that is away shows itself where it matters.
    }
  }
}
