import { linkSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sha256, systemClock } from "@deepwright/core";
import { z } from "zod";
import { makeFolder } from "./make-folder.js";
import { ownIdentity, type ProcessIdentity, processState } from "./process-identity.js";
import { spoolDirectory } from "./spool.js";
import { spoolNotWritable } from "./spool-errors.js";
import { redactStoreUri, type StoreLocation } from "./store-location.js";

const holderSchema = z.object({
  host: z.string(),
  processId: z.number(),
  startTicks: z.string().nullable(),
  continuous: z.boolean(),
});

export interface DeliveryHolder extends ProcessIdentity {
  /** It goes on until nothing is left, also with logs that come later. Otherwise it makes one pass. */
  readonly continuous: boolean;
}

const touchMs = 10_000;
/** A holder of another computer (or of a container that is gone) that did not touch its lock for so long counts as dead. */
const staleMs = 120_000;

/** One lock a store: logs for another one in the same folder are somebody else's. */
function pathOf(location: StoreLocation, extension: string): string {
  const store = sha256(redactStoreUri(location.uri)).slice(0, 12);
  return join(spoolDirectory(location.directory), `deliver-${store}.${extension}`);
}

function readHolder(path: string): DeliveryHolder | undefined {
  try {
    return holderSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return undefined;
  }
}

function isHolding(path: string, holder: DeliveryHolder | undefined): holder is DeliveryHolder {
  if (holder === undefined) return false;
  const state = processState(holder);
  if (state !== "unknown") return state === "alive";
  try {
    return systemClock.now() - statSync(path).mtimeMs < staleMs;
  } catch {
    return false;
  }
}

/** The living process that delivers to this store, if there is one. */
export function deliveryHolder(location: StoreLocation): DeliveryHolder | undefined {
  const path = pathOf(location, "lock");
  const holder = readHolder(path);
  return isHolding(path, holder) ? holder : undefined;
}

/**
 * Takes the right to deliver to this store, which one process has at a time. Exactly-once does not rest on it (the numbers
 * of the events see to that); it saves work and keeps two processes from mending the same log.
 *
 * @returns a function that gives the right back, or `undefined` when a living process has it
 * @throws DeepwrightError `SPOOL_NOT_WRITABLE`
 */
export function acquireDeliveryLock(location: StoreLocation, continuous: boolean): (() => void) | undefined {
  const path = pathOf(location, "lock");
  const own = ownIdentity();
  const mine = `${path}.${own.processId}.${own.startTicks ?? ""}`;
  try {
    makeFolder(spoolDirectory(location.directory), 0o700);
    writeFileSync(mine, JSON.stringify({ ...own, continuous }), { mode: 0o600 });
    for (let attempt = 0; attempt < 3; attempt++) {
      try {
        // A link appears with its content, unlike a file that is made and then written.
        linkSync(mine, path);
        return holdLock(path);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      }
      const holder = readHolder(path);
      if (isHolding(path, holder)) return undefined;
      reap(path, holder);
    }
    return undefined;
  } catch (error) {
    throw spoolNotWritable(location.directory, error, "what waits there is delivered later");
  } finally {
    removeQuietly(mine);
  }
}

/** A read-only disk refuses even to remove what is not there. */
function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // Nothing was written either.
  }
}

function holdLock(path: string): () => void {
  const timer = setInterval(() => {
    try {
      const now = new Date(systemClock.now());
      utimesSync(path, now, now);
    } catch {
      // Somebody took it for dead; the numbers of the events keep both from doing harm.
    }
  }, touchMs).unref();
  return () => {
    clearInterval(timer);
    rmSync(path, { force: true });
  };
}

/** Removes the lock of a dead process; puts back one that another process took in the meantime. */
function reap(path: string, dead: DeliveryHolder | undefined): void {
  const aside = `${path}.reaped.${process.pid}`;
  try {
    renameSync(path, aside);
    const moved = readHolder(aside);
    const isDead = moved === undefined || (moved.processId === dead?.processId && moved.startTicks === dead.startTicks);
    if (!isDead) linkSync(aside, path);
  } catch {
    // Somebody else was faster; the next attempt sees what holds now.
  } finally {
    rmSync(aside, { force: true });
  }
}

/** Asks whoever delivers to look once more before it ends: a log that ended after its last look must not stay behind. */
export function requestDelivery(location: StoreLocation): void {
  try {
    makeFolder(spoolDirectory(location.directory), 0o700);
    writeFileSync(pathOf(location, "request"), "", { mode: 0o600 });
  } catch {
    // The disk is full or read-only: the next command that reads or records delivers the spool.
  }
}

/** Takes a request; false when there is none. */
export function takeDeliveryRequest(location: StoreLocation): boolean {
  try {
    rmSync(pathOf(location, "request"));
    return true;
  } catch {
    return false;
  }
}
