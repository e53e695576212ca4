import type { RunService } from "@deepwright/lineage";
import { deliverSpool, type StoreLocation } from "@deepwright/lineage/recorder";
import type { ReportDefect } from "../graphql/errors.js";

export interface UpkeepOptions {
  readonly runs: RunService;
  /** The local spool; `undefined` for a store without one. */
  readonly location: StoreLocation | undefined;
  readonly intervalMs: number;
  readonly heartbeatTimeoutMs: number;
  readonly report: ReportDefect;
}

/**
 * Brings in what recorders left in the spool and marks silent runs as lost, again and again. A look that fails is reported
 * and tried again: a full disk must not end the gateway. Gives the function that ends it and waits for the look in progress.
 */
export function startUpkeep(options: UpkeepOptions): () => Promise<void> {
  const { runs, location, intervalMs, heartbeatTimeoutMs, report } = options;
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const look = async (): Promise<void> => {
    try {
      if (location) await deliverSpool(location, runs, { waitMs: 0, signal: controller.signal });
      await runs.markLost({ silentMs: heartbeatTimeoutMs });
    } catch (error) {
      if (!controller.signal.aborted) report(error);
    }
  };
  let current: Promise<void> = Promise.resolve();
  const schedule = (): void => {
    timer = setTimeout(() => {
      current = look().finally(() => {
        if (!controller.signal.aborted) schedule();
      });
    }, intervalMs);
  };
  schedule();
  return async () => {
    controller.abort();
    clearTimeout(timer);
    await current;
  };
}
