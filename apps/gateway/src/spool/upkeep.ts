import { setTimeout as sleep } from "node:timers/promises";
import { DeepwrightError } from "@deepwright/core";
import type { RunService } from "@deepwright/lineage";
import { deliverContinuously, type StoreLocation } from "@deepwright/lineage/recorder";
import { maintainStore, type Store } from "@deepwright/store";
import type { ReportDefect } from "../graphql/errors.js";

export interface UpkeepOptions {
  readonly store: Store;
  readonly runs: RunService;
  /** The local spool; `undefined` for a store without one. */
  readonly location: StoreLocation | undefined;
  readonly intervalMs: number;
  readonly heartbeatTimeoutMs: number;
  readonly report: ReportDefect;
}

/** Time between two looks at the spool at most: what a recorder wrote should be seen soon. */
const maxSpoolIntervalMs = 500;

/** As often as Postgres' autovacuum looks around. */
const maintenanceIntervalMs = 60_000;

/**
 * Brings in what recorders on this computer left in the spool, marks silent runs as lost, and keeps an embedded database
 * in shape, again and again. A look that fails is reported and tried again: a full disk must not end the gateway. Gives
 * the function that ends it and waits for the look in progress.
 */
export function startUpkeep(options: UpkeepOptions): () => Promise<void> {
  const controller = new AbortController();
  const { signal } = controller;
  const { store, runs, location, intervalMs, heartbeatTimeoutMs, report } = options;
  const again = async (everyMs: number, look: () => Promise<unknown>): Promise<void> => {
    while (!signal.aborted) {
      await look().catch((error: unknown) => {
        if (!signal.aborted) report(error);
      });
      await sleep(everyMs, undefined, { signal }).catch(() => undefined);
    }
  };
  const works = [
    again(intervalMs, () => runs.markLost({ silentMs: heartbeatTimeoutMs })),
    again(Math.max(intervalMs, maintenanceIntervalMs), () => maintainStore(store)),
  ];
  if (location) {
    // Comes back while another process delivers the spool, and is asked again.
    const deliver = () =>
      deliverContinuously(location, {
        open: async () => ({ runs, close: async () => undefined }),
        lingerMs: Number.POSITIVE_INFINITY,
        intervalMs: Math.min(intervalMs, maxSpoolIntervalMs),
        signal,
        onTrouble: (message) => report(undelivered(message)),
      });
    works.push(again(intervalMs, deliver));
  }
  return async () => {
    controller.abort();
    await Promise.all(works);
  };
}

function undelivered(message: string): DeepwrightError {
  return new DeepwrightError({
    code: "SPOOL_NOT_DELIVERED",
    kind: "unavailable",
    expected: "to bring in what recorders left in the spool",
    got: message,
    todo: "Nothing is lost; it is tried again.",
  });
}
