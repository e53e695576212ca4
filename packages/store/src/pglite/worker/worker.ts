import { parentPort, workerData } from "node:worker_threads";
import { toDeepwrightError } from "@deepwright/core";
import { openDatabase } from "../data-directory/open-database.js";
import type { LinkMessage } from "../link/message.js";
import { Engine } from "./engine.js";
import type { FromWorker, ToWorker, WorkerSettings } from "./protocol.js";
import { type Client, Scheduler } from "./scheduler.js";
import { serveSocket } from "./socket-server.js";

// The thread in which the database runs, because its queries block the thread that they run in.
const port = parentPort;
if (port === null) throw new Error("worker.js is started by @deepwright/store as a worker thread");
const settings = workerData as WorkerSettings;
const say = (message: FromWorker, transfer: ArrayBuffer[] = []): void => port.postMessage(message, transfer);

try {
  const database = await openDatabase(settings.directory);
  const engine = new Engine(database, () => setImmediate(() => process.exit(1)));
  const scheduler = new Scheduler(engine, settings.transactionIdleSeconds);
  const server = await serveSocket(settings.address, scheduler);
  let waiting: LinkMessage[] = [];
  const flush = (): void => {
    const messages = waiting;
    waiting = [];
    say(
      { kind: "links", messages },
      messages.flatMap(({ payload }) => transferable(payload)),
    );
  };
  const owner: Client = {
    send(message: LinkMessage) {
      if (waiting.push(message) === 1) queueMicrotask(flush);
    },
  };
  port.on("message", async (message: ToWorker) => {
    if (message.kind === "link") scheduler.submit(owner, message.message);
    else {
      await server.close();
      scheduler.leave(owner);
      await engine.close();
      say({ kind: "closed" });
      port.close();
    }
  });
  say({ kind: "ready" });
} catch (error) {
  say({ kind: "failed", error: toDeepwrightError(error).toJSON() });
  port.close();
}

/** A payload of several clients (a notification) or an empty one stays; a response is the asker's alone. */
function transferable(payload: Uint8Array<ArrayBuffer>): ArrayBuffer[] {
  return payload.byteLength > 0 && payload.byteLength === payload.buffer.byteLength ? [payload.buffer] : [];
}
