import { setTimeout as sleep } from "node:timers/promises";
import { isDeepwrightError, systemClock } from "@deepwright/core";
import type { RunService } from "../contract/service.js";
import { type IngestTarget, SourceDelivery } from "./deliver-source.js";
import { acquireDeliveryLock, takeDeliveryRequest } from "./delivery-lock.js";
import { processState } from "./process-identity.js";
import { listSources, type SpoolEntry, sweepRemoved } from "./spool.js";
import { redactStoreUri, type StoreLocation } from "./store-location.js";

export interface DeliverySummary {
  readonly deliveredEvents: number;
  /** Logs whose process still writes. */
  readonly liveSources: number;
  /** Logs that the store refused; they lie in `DIR/refused`. */
  readonly refusedSources: number;
}

export interface SpoolPass extends DeliverySummary {
  /** Those of the live ones whose process runs on this computer. */
  readonly liveHere: number;
  /** Logs that were brought to their end. */
  readonly ended: number;
}

/** Delivers the logs of one spool; keeps its place in each while they grow. The caller holds the delivery lock. */
export class SpoolDelivery {
  readonly #location: StoreLocation;
  readonly #deliveries = new Map<string, SourceDelivery>();

  constructor(location: StoreLocation) {
    this.#location = location;
  }

  /**
   * One pass over all logs that are meant for this store. A log that meets a defect does not hold up the others.
   *
   * @throws DeepwrightError when the store is away or lets nobody in, at once; a defect, after all other logs
   */
  async deliver(target: IngestTarget, signal?: AbortSignal): Promise<SpoolPass> {
    sweepRemoved(this.#location.directory);
    let deliveredEvents = 0;
    let liveSources = 0;
    let liveHere = 0;
    let ended = 0;
    let refusedSources = 0;
    let defect: unknown;
    for (const entry of sourcesFor(this.#location)) {
      if (signal?.aborted) break;
      let delivery = this.#deliveries.get(entry.sourceId);
      if (!delivery) {
        delivery = new SourceDelivery(this.#location.directory, entry);
        this.#deliveries.set(entry.sourceId, delivery);
      }
      try {
        const progress = await delivery.deliver(target, signal);
        deliveredEvents += progress.deliveredEvents;
        if (progress.state === "refused") refusedSources += 1;
        if (progress.state !== "live") {
          this.#deliveries.delete(entry.sourceId);
          ended += 1;
        } else {
          liveSources += 1;
          if (processState(entry.owner) === "alive") liveHere += 1;
        }
      } catch (error) {
        if (isAway(error) || isShut(error)) throw error;
        defect ??= error;
      }
    }
    if (defect !== undefined) throw defect;
    return { deliveredEvents, liveSources, liveHere, ended, refusedSources };
  }
}

/** Whether a failure may be over when the store is back. */
export const isAway = (error: unknown): boolean =>
  isDeepwrightError(error) && (error.retryable || error.kind === "unavailable");

/** Whether a failure concerns every log: no right to write, or an address at which there is no store. */
export const isShut = (error: unknown): boolean =>
  isDeepwrightError(error) && (error.kind === "not-allowed" || error.kind === "not-found");

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
 * @throws DeepwrightError when the store is away or lets nobody in; nothing is lost then
 */
export async function deliverSpool(
  location: StoreLocation,
  runs: Pick<RunService, "ingest">,
  options: { readonly waitMs?: number; readonly signal?: AbortSignal } = {},
): Promise<DeliverySummary> {
  const total = { deliveredEvents: 0, liveSources: 0, refusedSources: 0 };
  const deadline = systemClock.monotonic() + (options.waitMs ?? 10_000);
  for (;;) {
    if (sourcesFor(location).length === 0) return total;
    const release = acquireDeliveryLock(location, false);
    if (release) {
      try {
        takeDeliveryRequest(location);
        const pass = await new SpoolDelivery(location).deliver(runs, options.signal);
        total.deliveredEvents += pass.deliveredEvents;
        total.liveSources = pass.liveSources;
        total.refusedSources += pass.refusedSources;
      } finally {
        release();
      }
      // Who ended a run meanwhile saw that the spool is being delivered and relied on it.
      if (options.signal?.aborted || !takeDeliveryRequest(location)) return total;
      continue;
    }
    const waiting = sourcesFor(location).filter((entry) => processState(entry.owner) === "dead");
    if (waiting.length === 0 || systemClock.monotonic() > deadline) return total;
    await sleep(50, undefined, options.signal ? { signal: options.signal } : {});
  }
}
