import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { ownIdentity, type ProcessIdentity, processState } from "./process-identity.js";
import { spoolDirectory } from "./spool.js";

const identitySchema = z.object({ host: z.string(), processId: z.number(), startTicks: z.string().nullable() });
const lockPath = (directory: string): string => join(spoolDirectory(directory), "deliver.lock");

function readHolder(path: string): ProcessIdentity | undefined {
  try {
    return identitySchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return undefined;
  }
}

/** The living process that delivers this spool, if there is one. */
export function deliveryHolder(directory: string): ProcessIdentity | undefined {
  const holder = readHolder(lockPath(directory));
  return holder !== undefined && processState(holder) !== "dead" ? holder : undefined;
}

/**
 * Takes the right to deliver this spool, which one process has at a time. Exactly-once does not rest on it (the numbers
 * of the events see to that); it saves work and keeps two processes from mending the same log.
 *
 * @returns a function that gives the right back, or `undefined` when a living process has it
 */
export function acquireDeliveryLock(directory: string): (() => void) | undefined {
  const path = lockPath(directory);
  mkdirSync(spoolDirectory(directory), { recursive: true, mode: 0o700 });
  const own = ownIdentity();
  const mine = `${path}.${own.processId}.${own.startTicks ?? ""}`;
  writeFileSync(mine, JSON.stringify(own), { mode: 0o600 });
  try {
    for (let attempt = 0; attempt < 3; attempt++) {
      try {
        // A link appears with its content, unlike a file that is made and then written.
        linkSync(mine, path);
        return () => rmSync(path, { force: true });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      }
      const holder = readHolder(path);
      if (holder !== undefined && processState(holder) !== "dead") return undefined;
      reap(path, holder);
    }
    return undefined;
  } finally {
    rmSync(mine, { force: true });
  }
}

/** Removes the lock of a dead process; puts back one that another process took in the meantime. */
function reap(path: string, dead: ProcessIdentity | undefined): void {
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
