import { setTimeout as sleep } from "node:timers/promises";
import { systemClock } from "@deepwright/core";
import type { RunService } from "../contract/service.js";
import { type IngestTarget, SourceDelivery } from "./deliver-source.js";
import { acquireDeliveryLock } from "./delivery-lock.js";
import { processState } from "./process-identity.js";
import { listSources, type SpoolEntry } from "./spool.js";
import { redactStoreUri, type StoreLocation } from "./store-location.js";

export interface DeliverySummary {
  readonly deliveredEvents: number;
  /** Logs whose process still writes. */
  readonly liveSources: number;
  /** Logs that the store refused; they lie in `DIR/refused`. */
  readonly refusedSources: number;
}

/** Delivers the logs of one spool; keeps its place in each while they grow. The caller holds the delivery lock. */
export class SpoolDelivery {
  readonly #location: StoreLocation;
  readonly #deliveries = new Map<string, SourceDelivery>();

  constructor(location: StoreLocation) {
    this.#location = location;
  }

  /** One pass over all logs that are meant for this store. */
  async deliver(target: IngestTarget): Promise<DeliverySummary> {
    let deliveredEvents = 0;
    let liveSources = 0;
    let refusedSources = 0;
    for (const entry of sourcesFor(this.#location)) {
      let delivery = this.#deliveries.get(entry.sourceId);
      if (!delivery) {
        delivery = new SourceDelivery(this.#location.directory, entry);
        this.#deliveries.set(entry.sourceId, delivery);
      }
      const progress = await delivery.deliver(target);
      deliveredEvents += progress.deliveredEvents;
      if (progress.state === "live") liveSources += 1;
      else this.#deliveries.delete(entry.sourceId);
      if (progress.state === "refused") refusedSources += 1;
    }
    return { deliveredEvents, liveSources, refusedSources };
  }
}

/** Logs that wait for delivery to this store. */
export function sourcesFor(location: StoreLocation): SpoolEntry[] {
  const store = redactStoreUri(location.uri);
  return listSources(location.directory).filter((entry) => entry.store === store);
}

/**
 * Delivers everything that lies in the spool now, or waits until the process that is at it has done so. Commands that
 * read call it first, so that they show what was recorded a moment ago.
 *
 * @param options.waitMs how long to wait for another process at most, default 10,000
 * @throws DeepwrightError a retryable one when the store is away; nothing is lost then
 */
export async function deliverSpool(
  location: StoreLocation,
  runs: Pick<RunService, "ingest">,
  options: { readonly waitMs?: number; readonly signal?: AbortSignal } = {},
): Promise<DeliverySummary> {
  const none = { deliveredEvents: 0, liveSources: 0, refusedSources: 0 };
  const deadline = systemClock.monotonic() + (options.waitMs ?? 10_000);
  for (;;) {
    if (sourcesFor(location).length === 0) return none;
    const release = acquireDeliveryLock(location.directory);
    if (release) {
      try {
        return await new SpoolDelivery(location).deliver(runs);
      } finally {
        release();
      }
    }
    const waiting = sourcesFor(location).filter((entry) => processState(entry.owner) === "dead");
    if (waiting.length === 0 || systemClock.monotonic() > deadline) return none;
    await sleep(50, undefined, options.signal ? { signal: options.signal } : {});
  }
}
