import { sourcesFor } from "./deliver-spool.js";
import { processState } from "./process-identity.js";
import { listRefused, readAcknowledged, restoreRefused, type SpoolEntry } from "./spool.js";
import { redactStoreUri, type StoreLocation } from "./store-location.js";
import { LogReader } from "./write-ahead-log/reader.js";

/** What waits on this computer for a store. */
export interface PendingDelivery {
  /** Events that the store has not acknowledged; many points of metrics are one event. */
  readonly events: number;
  /** Runs that they belong to. */
  readonly runs: number;
  /** Those of the runs whose process is gone, so that nothing but the delivery is missing. */
  readonly endedRuns: number;
  /** Logs that the store refused; they lie in `DIR/refused` until {@link retryRefused}. */
  readonly refusedSources: number;
}

const limits = { maximumEvents: 1_000, maximumBytes: 4 * 1024 * 1024 };

/** Counts what waits for delivery, by reading the logs. */
export function pendingDelivery(location: StoreLocation): PendingDelivery {
  const waiting = sourcesFor(location)
    .map((entry) => ({ ...entry, events: unacknowledged(entry) }))
    .filter(({ events }) => events > 0);
  const countRuns = (entries: readonly SpoolEntry[]): number => new Set(entries.map(({ runId }) => runId)).size;
  return {
    events: waiting.reduce((sum, { events }) => sum + events, 0),
    runs: countRuns(waiting),
    endedRuns: countRuns(waiting.filter(({ owner }) => processState(owner) === "dead")),
    refusedSources: listRefused(location.directory, redactStoreUri(location.uri)).length,
  };
}

function unacknowledged(entry: SpoolEntry): number {
  const acknowledged = readAcknowledged(entry);
  const reader = new LogReader(entry.directory, entry.runId);
  let count = 0;
  for (;;) {
    const events = reader.read(limits);
    if (events.length === 0) return count;
    count += events.filter(({ sequence }) => sequence > acknowledged).length;
  }
}

/** Puts the logs that this store refused back into the spool; the next delivery sends them again. @returns their number */
export function retryRefused(location: StoreLocation): number {
  return restoreRefused(location.directory, redactStoreUri(location.uri));
}
