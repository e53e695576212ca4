import { setTimeout as sleep } from "node:timers/promises";
import { systemClock, toDeepwrightError } from "@deepwright/core";
import type { IngestTarget } from "./deliver-source.js";
import { type DeliverySummary, SpoolDelivery, sourcesFor } from "./deliver-spool.js";
import { acquireDeliveryLock } from "./delivery-lock.js";
import type { StoreLocation } from "./store-location.js";

export interface DeliverContinuouslyOptions {
  /** Opens the store; called again after it was away. */
  open(): Promise<{ readonly runs: IngestTarget; close(): Promise<void> }>;
  /** Ends when nothing came for so long and no process writes any more. `Infinity`: goes on until `signal`. Default 1,000. */
  readonly lingerMs?: number;
  /** Time between two looks at the spool. Default 500. */
  readonly intervalMs?: number;
  /** Gives up when the store was away for so long. Default: never. */
  readonly giveUpAfterMs?: number;
  readonly signal?: AbortSignal;
  readonly onTrouble?: (message: string) => void;
}

const longestPauseMs = 30_000;

/**
 * Delivers the spool until there is nothing left to deliver. Holds the delivery lock meanwhile; returns at once when a
 * living process has it. While the store is away it tries again after 0.5, 1, 2 ... 30 seconds.
 */
export async function deliverContinuously(location: StoreLocation, options: DeliverContinuouslyOptions): Promise<void> {
  do {
    const release = acquireDeliveryLock(location.directory);
    if (!release) return;
    try {
      if (!(await deliverWhileHeld(location, options))) return;
    } finally {
      release();
    }
    // A log that came after the last look found the lock taken, so nobody else looks after it.
  } while (sourcesFor(location).length > 0 && !options.signal?.aborted);
}

async function deliverWhileHeld(location: StoreLocation, options: DeliverContinuouslyOptions): Promise<boolean> {
  const intervalMs = options.intervalMs ?? 500;
  const delivery = new SpoolDelivery(location);
  let opened: Awaited<ReturnType<DeliverContinuouslyOptions["open"]>> | undefined;
  let pauseMs = intervalMs;
  let lastSuccessMs = systemClock.monotonic();
  let lastBusyMs = lastSuccessMs;
  try {
    while (!options.signal?.aborted) {
      const nowMs = systemClock.monotonic();
      try {
        opened ??= await options.open();
        const summary: DeliverySummary = await delivery.deliver(opened.runs);
        lastSuccessMs = systemClock.monotonic();
        pauseMs = intervalMs;
        if (summary.deliveredEvents > 0 || summary.liveSources > 0) lastBusyMs = lastSuccessMs;
        else if (lastSuccessMs - lastBusyMs >= (options.lingerMs ?? 1_000)) return true;
      } catch (error) {
        options.onTrouble?.(toDeepwrightError(error).message);
        await opened?.close().catch(() => undefined);
        opened = undefined;
        if (nowMs - lastSuccessMs > (options.giveUpAfterMs ?? Number.POSITIVE_INFINITY)) return false;
        pauseMs = Math.min(longestPauseMs, pauseMs * 2);
      }
      await sleep(pauseMs, undefined, options.signal ? { signal: options.signal } : {}).catch(() => undefined);
    }
    return false;
  } finally {
    await opened?.close();
  }
}
