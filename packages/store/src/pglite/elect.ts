import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type Clock, DeepwrightError, isDeepwrightError } from "@deepwright/core";
import { fileSystemError } from "../errors/store-errors.js";
import { type LockAttempt, type LockContent, tryLock } from "../lock/file-lock.js";
import { connectToOwner } from "./connect-to-owner.js";
import type { Link } from "./link/link.js";
import { startOwner } from "./owner.js";

export interface Election {
  readonly link: Link;
  /** Ends the connection; the owner also closes the database and gives the lock back. */
  close(): Promise<void>;
}

export interface ElectionSettings {
  /** Real path of the store's directory. */
  readonly directory: string;
  readonly address: string;
  readonly clock: Clock;
  /** How long to wait for an owner that is starting or ending. */
  readonly waitMs: number;
  readonly transactionIdleSeconds: number;
  onNotification(channel: string, payload: string): void;
  onUnusable(): void;
}

/** Becomes the owner of the directory, or connects to the one that there is. */
export async function elect(settings: ElectionSettings): Promise<Election> {
  const { clock } = settings;
  const deadline = clock.monotonic() + settings.waitMs;
  for (let pauseMs = 5; ; pauseMs = Math.min(100, pauseMs * 2)) {
    const attempt = take(settings);
    if (attempt.kind === "acquired") {
      try {
        return await startOwner(settings, settings.onNotification, settings.onUnusable, () => attempt.lock.release());
      } catch (error) {
        attempt.lock.release();
        throw error;
      }
    }
    const left = deadline - clock.monotonic();
    const { onNotification, onUnusable } = settings;
    const link = await connectToOwner(attempt.holder.address, Math.max(1000, left), onNotification, onUnusable);
    if (link !== undefined) return { link, close: () => link.close() };
    if (left < 0) throw notReachable(settings.directory, attempt.holder, attempt.state);
    await delay(pauseMs);
  }
}

function take({ directory, address }: ElectionSettings): LockAttempt {
  try {
    return tryLock(join(directory, "lock"), address);
  } catch (error) {
    if (isDeepwrightError(error)) throw error;
    throw fileSystemError(error, `to lock the database in ${JSON.stringify(directory)}`);
  }
}

function notReachable(directory: string, holder: LockContent, state: "alive" | "unknown"): DeepwrightError {
  const who = `process ${holder.pid} of ${holder.host}`;
  return new DeepwrightError({
    code: state === "unknown" ? "STORE_LOCKED_ELSEWHERE" : "STORE_BUSY",
    kind: "unavailable",
    expected: `the database in ${JSON.stringify(directory)} to be free, or its owner to answer`,
    got: `a lock of ${who}, which does not answer`,
    todo:
      state === "unknown"
        ? `Stop it there; if it has ended, delete ${JSON.stringify(join(directory, "lock"))}. Use postgres: to share a store between machines.`
        : `End ${who}, or try again when it is done.`,
    details: { pid: holder.pid, host: holder.host },
  });
}
