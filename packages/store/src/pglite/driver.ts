import { existsSync, mkdirSync, realpathSync, statSync } from "node:fs";
import { dirname } from "node:path";
import type { Clock } from "@deepwright/core";
import { fileSystemError, storeClosed, transactionAborted } from "../errors/store-errors.js";
import type { Driver, DriverTransaction, EncodedStatement } from "../sql/driver.js";
import type { RowShape, StatementResult } from "../sql/result.js";
import { decodeResponse } from "../wire/decode-response.js";
import { encodeScript, encodeStatements } from "../wire/encode-message.js";
import { type Election, elect } from "./elect.js";
import type { Link } from "./link/link.js";
import { linkKinds } from "./link/message.js";
import { socketAddress } from "./socket-address.js";

/** A transaction that asks for nothing for this long is rolled back, so that it can't stop every other process. */
const transactionIdleSeconds = 60;
/** How long to wait for an owner that is starting or ending. */
const waitMs = 30_000;

/**
 * The embedded database in a directory: owned by this process, or reached through the process that owns it. When that
 * process ends, the next statement elects a new owner.
 */
export async function openPgliteDriver(path: string, clock: Clock): Promise<Driver> {
  const directory = makeDirectory(path);
  const listeners = new Map<string, Set<(payload: string) => void>>();
  const address = socketAddress(directory);
  let current: Promise<Election> | undefined;
  let closed = false;

  const connect = async (): Promise<Election> => {
    let usable = true;
    const election = await elect({
      directory,
      address,
      clock,
      waitMs,
      transactionIdleSeconds,
      onNotification(channel, payload) {
        for (const callback of listeners.get(channel) ?? []) callback(payload);
      },
      onUnusable() {
        usable = false;
        current = undefined;
      },
    });
    if (!usable) return connect();
    for (const channel of listeners.keys()) await subscribe(election.link, channel);
    return election;
  };
  const link = async (): Promise<Link> => {
    if (closed) throw storeClosed();
    current ??= connect().catch((error: unknown) => {
      current = undefined;
      throw error;
    });
    const election = await current;
    return election.link.usable ? election.link : link();
  };
  const execute = async (statements: readonly EncodedStatement[], shape: RowShape): Promise<StatementResult[]> =>
    run(await link(), 0, statements, shape);

  await link();
  return {
    kind: "pglite",
    uri: `file:${path}`,
    execute,
    begin: async () => begin(await link()),
    async listen(channel, callback) {
      const callbacks = listeners.get(channel) ?? new Set();
      if (callbacks.size === 0) await subscribe(await link(), channel);
      listeners.set(channel, callbacks.add(callback));
      return async () => {
        callbacks.delete(callback);
        if (callbacks.size > 0 || closed) return;
        listeners.delete(channel);
        await (await link()).request(linkKinds.unlisten, 0, new TextEncoder().encode(channel));
      };
    },
    async close() {
      if (closed) return;
      const election = current;
      closed = true;
      current = undefined;
      await (await election)?.close();
    },
  };
}

function makeDirectory(path: string): string {
  try {
    makeWithParents(path);
    return realpathSync(path);
  } catch (error) {
    throw fileSystemError(error, `a directory ${JSON.stringify(path)} for the store`);
  }
}

/** Not `mkdirSync` with `recursive`: where a parent refuses with ENOENT, as /proc does, it never returns. */
function makeWithParents(path: string): void {
  const parent = dirname(path);
  if (parent !== path && !existsSync(parent)) makeWithParents(parent);
  try {
    mkdirSync(path);
  } catch (error) {
    if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw error;
  }
}

async function subscribe(link: Link, channel: string): Promise<void> {
  await link.request(linkKinds.listen, 0, new TextEncoder().encode(channel));
}

async function run(
  link: Link,
  transaction: number,
  statements: readonly EncodedStatement[],
  shape: RowShape,
): Promise<StatementResult[]> {
  const answer = await link.request(linkKinds.execute, transaction, encodeStatements(statements));
  const { results, error } = decodeResponse(answer, shape);
  if (error) throw error;
  return results;
}

async function begin(link: Link): Promise<DriverTransaction> {
  const transaction = link.nextTransaction();
  let ended = false;
  const end = async (word: "commit" | "rollback"): Promise<StatementResult | undefined> => {
    ended = true;
    try {
      const answer = await link.request(linkKinds.end, transaction, encodeScript(word));
      const { results, error } = decodeResponse(answer, "objects");
      if (error) throw error;
      return results[0];
    } finally {
      link.transactionEnded();
    }
  };
  try {
    const { error } = decodeResponse(
      await link.request(linkKinds.begin, transaction, encodeScript("begin")),
      "objects",
    );
    if (error) throw error;
  } catch (error) {
    link.transactionEnded();
    throw error;
  }
  return {
    execute: (statements, shape) => run(link, transaction, statements, shape),
    async script(text) {
      const answer = await link.request(linkKinds.execute, transaction, encodeScript(text));
      const { error } = decodeResponse(answer, "objects");
      if (error) throw error;
    },
    async commit() {
      // Postgres answers the commit of a failed transaction with ROLLBACK.
      if ((await end("commit"))?.command !== "COMMIT") throw transactionAborted();
    },
    async rollback() {
      if (ended) return;
      // A connection that is gone has rolled back by itself.
      await end("rollback").catch(() => undefined);
    },
  };
}
