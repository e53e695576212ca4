import { Worker } from "node:worker_threads";
import { DeepwrightError } from "@deepwright/core";
import { Link } from "./link/link.js";
import type { FromWorker, ToWorker, WorkerSettings } from "./worker/protocol.js";

/** The compiled worker; the sources run from dist too, as a worker thread can't read TypeScript. */
const workerUrl = new URL(
  import.meta.url.endsWith(".ts") ? "../../dist/pglite/worker/worker.js" : "./worker/worker.js",
  import.meta.url,
);

export interface Owner {
  readonly link: Link;
  /** Ends the worker after it has flushed the database and let other processes finish. */
  close(): Promise<void>;
}

/**
 * Starts the worker thread that runs the database. The caller holds the directory's lock.
 *
 * @param onGone called once when the thread has ended, whatever the reason
 */
export function startOwner(
  settings: WorkerSettings,
  onNotification: (channel: string, payload: string) => void,
  onUnusable: () => void,
  onGone: () => void,
): Promise<Owner> {
  const { directory, address, transactionIdleSeconds } = settings;
  const workerData: WorkerSettings = { directory, address, transactionIdleSeconds };
  return new Promise((resolve, reject) => {
    const worker = new Worker(workerUrl, { workerData, execArgv: [], name: "deepwright-store" });
    let cause: unknown;
    const link = new Link(
      {
        send(message) {
          const owned = message.payload.byteLength > 0 ? [message.payload.buffer] : [];
          worker.postMessage({ kind: "link", message } satisfies ToWorker, owned);
        },
        setReferenced(referenced) {
          if (referenced) worker.ref();
          else worker.unref();
        },
        end: () => undefined,
      },
      onNotification,
      onUnusable,
    );
    worker.ref();
    const exited = new Promise<void>((ended) => {
      worker.once("exit", () => {
        link.lost(cause);
        onGone();
        reject(startFailure(cause));
        ended();
      });
    });
    worker.on("error", (error) => {
      cause = error;
    });
    worker.on("message", (message: FromWorker) => {
      if (message.kind === "links") for (const item of message.messages) link.receive(item);
      else if (message.kind === "failed") reject(DeepwrightError.fromJSON(message.error));
      else if (message.kind === "ready") {
        worker.unref();
        resolve({
          link,
          async close() {
            await link.close();
            // The last answer took the link's reference away; nothing else keeps the process until the worker has flushed.
            worker.ref();
            worker.postMessage({ kind: "close" } satisfies ToWorker);
            await exited;
          },
        });
      }
    });
  });
}

function startFailure(cause: unknown): DeepwrightError {
  return new DeepwrightError({
    code: "STORE_UNAVAILABLE",
    kind: "unavailable",
    expected: "the embedded database to start",
    got: cause instanceof Error ? cause.message : "the end of its thread",
    todo: "Check that enough memory (about 700 MB) is free and try again.",
    cause,
  });
}
