import { open, readdir, realpath } from "node:fs/promises";
import { join, sep } from "node:path";
import type { AsyncReadable, RangeQuery } from "zarrita";
import { arrayFileInvalid, arrayFileMissing, arrayTooLarge } from "../errors.js";

/** A store that says whether anything was found since it was last asked. */
export interface WatchedStore extends Required<AsyncReadable> {
  /** Bytes that were given out (without looks at the end of a file, where shards keep their index); set to 0 by the reader. */
  given: number;
}

/**
 * A folder as a store of Zarr. Links that lead out of the folder, files that can't be read and reads beyond the end of a file are errors;
 * only a file that is not there is an absent chunk.
 *
 * @param limit most bytes of one file that is read as a whole
 */
export async function folderStore(folder: string, limit: number): Promise<WatchedStore> {
  const root = await realpath(folder).catch((cause: unknown) => {
    throw arrayFileMissing(folder, cause);
  });
  const withFile = async (key: string, range: RangeQuery | null): Promise<Uint8Array | undefined> => {
    const path = join(root, ...key.split("/").filter((part) => part !== ""));
    const real = await realpath(path).catch((cause: { readonly code?: unknown }) => {
      if (cause.code === "ENOENT" || cause.code === "ENOTDIR") return null;
      throw arrayFileMissing(path, cause);
    });
    if (real === null) return undefined;
    if (real !== root && !real.startsWith(root + sep))
      throw arrayFileInvalid(path, "a file below its folder", "a link that leads out of it");
    const handle = await open(real, "r").catch((cause: unknown) => {
      throw arrayFileMissing(path, cause);
    });
    try {
      const state = await handle.stat();
      if (!state.isFile()) return undefined;
      const length = range === null ? state.size : "suffixLength" in range ? range.suffixLength : range.length;
      const offset = range === null ? 0 : "suffixLength" in range ? state.size - length : range.offset;
      if (offset < 0 || offset + length > state.size) {
        throw arrayFileInvalid(
          path,
          `bytes ${offset} to ${offset + length} of a shard`,
          `a file of ${state.size} bytes`,
        );
      }
      if (length > limit) throw arrayTooLarge(path, "a chunk as it is stored", length, limit);
      const bytes = new Uint8Array(length);
      const { bytesRead } = await handle.read(bytes, 0, length, offset);
      if (bytesRead < length) throw arrayFileInvalid(path, `${length} bytes`, `${bytesRead}`);
      if (range === null || !("suffixLength" in range)) store.given += length;
      return bytes;
    } finally {
      await handle.close();
    }
  };
  const store: WatchedStore = {
    given: 0,
    get: (key) => withFile(key, null),
    getRange: (key, range) => withFile(key, range),
  };
  return store;
}

/** A store of Zarr behind http; only 404 is an absent chunk. */
export function httpStore(inner: Required<AsyncReadable>, address: string, limit: number): WatchedStore {
  const watch = async (key: string, whole: boolean, read: () => Promise<Uint8Array | undefined>) => {
    const bytes = await read().catch((cause: unknown) => {
      const reason =
        cause instanceof Error ? ((cause.cause as Error | undefined)?.message ?? cause.message) : String(cause);
      throw arrayFileMissing(`${address}${key}`, new Error(reason, { cause }));
    });
    if (bytes !== undefined && bytes.length > limit)
      throw arrayTooLarge(`${address}${key}`, "a chunk as it is stored", bytes.length, limit);
    if (whole) store.given += bytes?.length ?? 0;
    return bytes;
  };
  const store: WatchedStore = {
    given: 0,
    get: (key, options) => watch(key, true, () => inner.get(key, options)),
    getRange: (key, range, options) =>
      watch(key, !("suffixLength" in range), () => inner.getRange(key, range, options)),
  };
  return store;
}

/** Paths of the arrays below a folder: those with `zarr.json` or `.zarray`; hidden folders, chunks and links are not entered. */
export async function arraysOfFolder(folder: string, below = "", depth = 0): Promise<string[]> {
  const entries = await readdir(join(folder, below), { withFileTypes: true });
  const names = new Set(entries.map(({ name }) => name));
  if (names.has(".zarray")) return [below];
  if (names.has("zarr.json") && !names.has(".zgroup")) {
    const kind = await nodeType(join(folder, below, "zarr.json"));
    if (kind === "array") return [below];
  }
  if (depth > 32) throw arrayFileInvalid(folder, "groups within groups up to a depth of 32", "more");
  const found: string[] = [];
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (!entry.isDirectory() || entry.name.startsWith(".")) continue;
    found.push(...(await arraysOfFolder(folder, below === "" ? entry.name : `${below}/${entry.name}`, depth + 1)));
  }
  return found;
}

async function nodeType(path: string): Promise<unknown> {
  const handle = await open(path, "r");
  try {
    return (JSON.parse(await handle.readFile("utf8")) as { readonly node_type?: unknown }).node_type;
  } catch (cause) {
    throw arrayFileInvalid(path, "metadata in JSON", "something else", cause);
  } finally {
    await handle.close();
  }
}
