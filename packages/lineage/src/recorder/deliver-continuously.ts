import { setTimeout as sleep } from "node:timers/promises";
import { systemClock, toDeepwrightError } from "@deepwright/core";
import type { IngestTarget } from "./deliver-source.js";
import { isAway, isShut, SpoolDelivery } from "./deliver-spool.js";
import { acquireDeliveryLock, deliveryHolder, takeDeliveryRequest } from "./delivery-lock.js";
import type { StoreLocation } from "./store-location.js";

export interface DeliverContinuouslyOptions {
  /** Opens the store; called again after it was away. */
  open(): Promise<{ readonly runs: IngestTarget; close(): Promise<void> }>;
  /**
   * Ends when nothing came for so long and no process of this computer writes any more; for an embedded store also while one
   * writes, since the end of its run asks again. `Infinity`: goes on until `signal`. Default 1,000.
   */
  readonly lingerMs?: number;
  /** Time between two looks at the spool. Default 500. */
  readonly intervalMs?: number;
  /** Gives up when the store was away for so long. Default: never. */
  readonly giveUpAfterMs?: number;
  /** How long to wait for a process that makes one pass. Default 10,000. */
  readonly waitMs?: number;
  readonly signal?: AbortSignal;
  readonly onTrouble?: (message: string) => void;
}

const longestPauseMs = 30_000;
/** A defect does not go away by trying; the next run or reader tries again. */
const maximumDefects = 5;

/**
 * Delivers the spool until there is nothing left to deliver. Holds the delivery lock meanwhile; returns at once when a
 * process has it that does the same. While the store is away it tries again after 0.5, 1, 2 ... 30 seconds.
 */
export async function deliverContinuously(location: StoreLocation, options: DeliverContinuouslyOptions): Promise<void> {
  do {
    const release = await acquire(location, options);
    if (!release) return;
    try {
      if (!(await deliverWhileHeld(location, options))) return;
    } finally {
      release();
    }
    // Who ended a run after the last look found the lock taken, so nobody else looks after it.
  } while (!options.signal?.aborted && takeDeliveryRequest(location));
}

async function acquire(
  location: StoreLocation,
  options: DeliverContinuouslyOptions,
): Promise<(() => void) | undefined> {
  const deadline = systemClock.monotonic() + (options.waitMs ?? 10_000);
  for (;;) {
    const release = acquireDeliveryLock(location, true);
    if (release) return release;
    const isOver = options.signal?.aborted || systemClock.monotonic() > deadline;
    if (isOver || deliveryHolder(location)?.continuous) return undefined;
    await sleep(100);
  }
}

/** True when everything is delivered, false when it gave up or was stopped. */
async function deliverWhileHeld(location: StoreLocation, options: DeliverContinuouslyOptions): Promise<boolean> {
  const intervalMs = options.intervalMs ?? 500;
  const lingerMs = options.lingerMs ?? 1_000;
  const giveUpAfterMs = options.giveUpAfterMs ?? Number.POSITIVE_INFINITY;
  const followsLive = !location.uri.startsWith("file:");
  const delivery = new SpoolDelivery(location);
  let opened: Awaited<ReturnType<DeliverContinuouslyOptions["open"]>> | undefined;
  let pauseMs = intervalMs;
  let defects = 0;
  let lastSuccessMs = systemClock.monotonic();
  let lastBusyMs = lastSuccessMs;
  try {
    while (!options.signal?.aborted) {
      const nowMs = systemClock.monotonic();
      try {
        const requested = takeDeliveryRequest(location);
        opened ??= await options.open();
        const pass = await delivery.deliver(opened.runs, options.signal);
        lastSuccessMs = systemClock.monotonic();
        pauseMs = intervalMs;
        defects = 0;
        const busy = requested || (followsLive ? pass.deliveredEvents + pass.liveHere > 0 : pass.ended > 0);
        if (busy) lastBusyMs = lastSuccessMs;
        else if (lastSuccessMs - lastBusyMs >= lingerMs) return true;
      } catch (error) {
        options.onTrouble?.(toDeepwrightError(error).message);
        await opened?.close().catch(() => undefined);
        opened = undefined;
        const endsByItself = lingerMs !== Number.POSITIVE_INFINITY;
        // This process keeps the token and password that it was started with: one with others must not find it at work.
        if (isShut(error) && endsByItself) return false;
        if (!isAway(error) && ++defects >= maximumDefects && endsByItself) return false;
        if (nowMs - lastSuccessMs > giveUpAfterMs) return false;
        pauseMs = Math.min(longestPauseMs, pauseMs * 2);
      }
      await sleep(pauseMs, undefined, options.signal ? { signal: options.signal } : {}).catch(() => undefined);
    }
    return false;
  } finally {
    await opened?.close();
  }
}
