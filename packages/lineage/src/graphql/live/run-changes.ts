import { setTimeout as sleep } from "node:timers/promises";
import type { Store } from "@deepwright/store";
import { runChannel } from "../../ingest/index.js";

/** Changes that follow each other within this time come as one. */
const quietMs = 100;

/** Sets of ids of changed runs, as they change. Close it after use. */
export interface RunChanges extends AsyncIterable<ReadonlySet<string>> {
  close(): Promise<void>;
}

/**
 * Listens for changes of runs from the moment on in which the promise resolves, until the signal is aborted. A slow reader
 * gets the changes of meanwhile as one set: memory is bounded by the number of runs.
 */
export async function openRunChanges(
  store: Pick<Store, "listen">,
  wanted: (runId: string) => boolean,
  signal: AbortSignal,
): Promise<RunChanges> {
  let pending = new Set<string>();
  let wake: () => void = () => {};
  const onAbort = (): void => wake();
  signal.addEventListener("abort", onAbort);
  const stop = await store.listen(runChannel, (payload) => {
    for (const id of readPayload(payload)) if (wanted(id)) pending.add(id);
    if (pending.size > 0) wake();
  });
  return {
    async close() {
      signal.removeEventListener("abort", onAbort);
      await stop();
    },
    async *[Symbol.asyncIterator]() {
      while (!signal.aborted) {
        if (pending.size === 0) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
          continue;
        }
        await sleep(quietMs);
        const changed = pending;
        pending = new Set();
        yield changed;
      }
    },
  };
}

function readPayload(payload: string): string[] {
  try {
    const ids: unknown = JSON.parse(payload);
    return Array.isArray(ids) ? ids.filter((id): id is string => typeof id === "string") : [];
  } catch {
    // Another program may use the channel of the same database.
    return [];
  }
}
