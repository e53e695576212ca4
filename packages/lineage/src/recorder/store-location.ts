import { existsSync } from "node:fs";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { DeepwrightError } from "@deepwright/core";

/** Where runs are kept and where what belongs to them lies on this computer. */
export interface StoreLocation {
  /** Address for `openStore`, with an absolute path for `file:`. May hold a password: never written to disk or shown. */
  readonly uri: string;
  /** Folder of the spool, of kept data and of caches (DIR): the store's own for `file:`, else the nearest `.deepwright`. */
  readonly directory: string;
  /** `DEEPWRIGHT_TOKEN`, which a gateway may ask for; only for `http(s):`. Never written to disk or shown. */
  readonly token?: string;
}

export interface LocateStoreOptions {
  /** `file:PATH`, `postgres:...` or `http(s):...`. Default: `DEEPWRIGHT_STORE`, else the nearest `.deepwright` upwards. */
  readonly store?: string | undefined;
  readonly workingDirectory?: string;
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/** The nearest folder `.deepwright` from `start` upwards, as git finds its own; else one in `start`. */
function nearestDirectory(start: string): string {
  for (let folder = start; ; folder = dirname(folder)) {
    const candidate = join(folder, ".deepwright");
    if (existsSync(candidate)) return candidate;
    if (dirname(folder) === folder) return join(start, ".deepwright");
  }
}

/**
 * Finds the store that a command or a program means.
 *
 * @example
 * ```ts
 * console.log(locateStore({ store: "file:runs", workingDirectory: "/home/ada", environment: {} }));
 * // { uri: "file:/home/ada/runs", directory: "/home/ada/runs" }
 * ```
 * @throws DeepwrightError `INVALID_STORE` when the address is of no known kind
 */
export function locateStore(options: LocateStoreOptions = {}): StoreLocation {
  const workingDirectory = options.workingDirectory ?? process.cwd();
  const environment = options.environment ?? process.env;
  const uri = options.store ?? environment.DEEPWRIGHT_STORE;
  const declared = environment.DEEPWRIGHT_DIRECTORY;
  const directory = declared ? resolve(workingDirectory, declared) : nearestDirectory(workingDirectory);
  if (uri === undefined || uri === "") return { uri: `file:${directory}`, directory };
  if (uri.startsWith("file:")) {
    const path = uri.startsWith("file://") ? fileURLToPath(uri) : uri.slice("file:".length);
    const absolute = isAbsolute(path) ? path : resolve(workingDirectory, path);
    return { uri: `file:${absolute}`, directory: absolute };
  }
  if (/^postgres(ql)?:\/\/./.test(uri)) return { uri, directory };
  if (/^https?:\/\/./.test(uri)) {
    const token = environment.DEEPWRIGHT_TOKEN;
    return { uri, directory, ...(token ? { token } : {}) };
  }
  throw new DeepwrightError({
    code: "INVALID_STORE",
    expected: "a store address that starts with file:, postgres:// or http(s)://",
    got: JSON.stringify(uri.replace(/:\/\/[^@/]*@/, "://...@")),
    todo: "Give --store or DEEPWRIGHT_STORE such an address, or leave both out to use the nearest .deepwright folder.",
  });
}

/** The address without user and password: what may be written to disk and shown. */
export function redactStoreUri(uri: string): string {
  return uri.startsWith("file:") ? uri : uri.replace(/^([a-z]+:\/\/)[^@/]*@/, "$1").replace(/\?.*$/, "");
}
