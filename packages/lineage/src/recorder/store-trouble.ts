import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { DeepwrightError, newId, toDeepwrightError } from "@deepwright/core";
import { redactStoreUri, type StoreLocation } from "./store-location.js";

const defaultPorts: Readonly<Record<string, number>> = {
  "http:": 80,
  "https:": 443,
  "postgres:": 5432,
  "postgresql:": 5432,
};
const connectMs = 300;
const answerMs = 3_000;

/**
 * Why a store takes no events now, or `undefined` when it does. Asks a gateway to take none, and logs in to a database, so that a
 * wrong token or password shows. Takes at most about three seconds; the embedded store is not asked.
 *
 * @example
 * ```ts
 * const trouble = await storeTrouble(locateStore({ store: "http://127.0.0.1:9" }));
 * console.log(trouble?.code); // SERVER_UNAVAILABLE
 * ```
 */
export async function storeTrouble(location: StoreLocation): Promise<DeepwrightError | undefined> {
  if (location.uri.startsWith("file:")) return undefined;
  const { hostname, port, protocol } = new URL(location.uri);
  if (!(await answers(hostname || "localhost", Number(port) || (defaultPorts[protocol] ?? 80)))) {
    return noAnswer(location, "no connection");
  }
  const late = new AbortController();
  try {
    return await Promise.race([
      ask(location),
      sleep(answerMs, undefined, { signal: late.signal }).then(() => noAnswer(location, "no answer in time")),
    ]);
  } finally {
    late.abort();
  }
}

async function ask(location: StoreLocation): Promise<DeepwrightError | undefined> {
  try {
    const { openStore } = await import("@deepwright/store");
    const store = await openStore(location.uri, location.token === undefined ? {} : { token: location.token });
    try {
      if (store.kind === "http") {
        await store.call("runs", "ingest", { sourceId: newId(), firstSequence: 1, events: [] });
      }
    } finally {
      await store.close();
    }
    return undefined;
  } catch (error) {
    return toDeepwrightError(error);
  }
}

function noAnswer(location: StoreLocation, got: string): DeepwrightError {
  return new DeepwrightError({
    code: "SERVER_UNAVAILABLE",
    kind: "unavailable",
    expected: `a store at ${redactStoreUri(location.uri)}`,
    got,
    todo: "Check the address and that the server runs.",
  });
}

function answers(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: host.replace(/^\[|\]$/g, ""), port, timeout: connectMs });
    const end = (answered: boolean) => (): void => {
      socket.destroy();
      resolve(answered);
    };
    socket.once("connect", end(true)).once("error", end(false)).once("timeout", end(false));
  });
}
