import { fileURLToPath } from "node:url";
import { type Clock, DeepwrightError, systemClock } from "@deepwright/core";
import type { OpenStoreOptions, RemoteStore, Store } from "./store.js";

function invalidAddress(got: string): DeepwrightError {
  return new DeepwrightError({
    code: "INVALID_STORE_URI",
    expected: "a store address that begins with file:, postgres: or http(s):",
    got: JSON.stringify(got),
    todo: "Write for example file:.deepwright or postgres://user@host/database.",
  });
}

/** `file:///a%20b` is a URL; `file:a b` and `file:/a b` are paths as they stand. */
function directoryOf(uri: string): string {
  if (uri.startsWith("file://")) {
    try {
      return fileURLToPath(uri);
    } catch {
      throw invalidAddress(uri);
    }
  }
  const path = uri.slice("file:".length);
  if (path === "" || path.includes("\0")) throw invalidAddress(uri);
  return path;
}

async function openSql(uri: string, options: OpenStoreOptions, clock: Clock): Promise<Store> {
  const { sqlStore } = await import("./sql/sql-store.js");
  const driver = uri.startsWith("file:")
    ? await (await import("./pglite/driver.js")).openPgliteDriver(directoryOf(uri), clock)
    : await (await import("./postgres/driver.js")).openPostgresDriver(uri);
  const store = sqlStore(driver);
  try {
    await store.migrate(options.migrations ?? []);
    return store;
  } catch (error) {
    await store.close();
    throw error;
  }
}

/**
 * Opens a database by its address and brings it up to date.
 *
 * @param uri `file:DIRECTORY` (PGlite in that directory, shared with other processes of this machine) or `postgres://...`
 * @throws DeepwrightError `INVALID_STORE_URI`, `STORE_UNAVAILABLE`, `DATABASE_TOO_NEW`, `PEER_DEPENDENCY_MISSING`, ...
 */
export async function openSqlStore(
  uri: string,
  options: OpenStoreOptions = {},
  clock: Clock = systemClock,
): Promise<Store> {
  if (/^(file:|postgres(ql)?:\/\/)/.test(uri)) return openSql(uri, options, clock);
  throw invalidAddress(uri);
}

/**
 * Opens a store by its address: a database as {@link openSqlStore} does, or a gateway at `http(s)://...`.
 *
 * @example
 * ```ts
 * const store = await openStore("file:.deepwright");
 * if (store.kind !== "http") console.log(await store.query("select 6 * 7 as answer")); // [ { answer: 42 } ]
 * await store.close();
 * ```
 */
export async function openStore(
  uri: string,
  options: OpenStoreOptions = {},
  clock: Clock = systemClock,
): Promise<Store | RemoteStore> {
  if (!/^https?:\/\//.test(uri)) return openSqlStore(uri, options, clock);
  const { remoteStore } = await import("./http/remote-store.js");
  return remoteStore(uri, options.token);
}
