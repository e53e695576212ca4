import { isDeepwrightError } from "@deepwright/core";
import type { DataType, Array as ZarrArray } from "zarrita";
import {
  type ArrayType,
  type ArrayVariable,
  type AttributeValue,
  elementCount,
  itemSizes,
  plainDimensions,
  type Region,
  type RegionValues,
} from "../array-file.js";
import { arrayFileInvalid, arrayTooLarge, arrayUnsupported, loadReader } from "../errors.js";
import { chunksOfRegion, copyBox } from "./copy-box.js";
import { emptyValues } from "./typed-values.js";
import { arraysOfFolder, folderStore, httpStore, type WatchedStore } from "./zarr-store.js";

/**
 * The arrays of a Zarr store, version 2 or 3: a folder, or an address. Behind http they are found by consolidated metadata.
 *
 * @param limit bytes of one chunk
 * @param names arrays to open where the store has no consolidated metadata
 * @throws DeepwrightError `ARRAY_FILE_INVALID`, `ARRAY_TOO_LARGE`, `DATA_FILE_MISSING`, `PACKAGE_NOT_INSTALLED`
 */
export async function openZarr(
  path: string,
  limit: number,
  names: readonly string[] | undefined,
): Promise<{ readonly variables: readonly ArrayVariable[]; close(): Promise<void> }> {
  const zarr = await loadReader("zarrita", () => import("zarrita"));
  const isRemote = /^https?:\/\//i.test(path);
  const inner = isRemote ? new zarr.FetchStore(path) : null;
  const store = inner === null ? await folderStore(path, limit) : httpStore(inner, path, limit);
  const found = names ?? (inner === null ? await arraysOfFolder(path) : await arraysBehindHttp(zarr, store, path));
  const variables: ArrayVariable[] = [];
  for (const name of found) variables.push(await openArray(zarr, store, path, name, limit));
  return { variables, close: async () => undefined };
}

async function arraysBehindHttp(zarr: typeof import("zarrita"), store: WatchedStore, path: string): Promise<string[]> {
  const listed = await zarr.withMaybeConsolidatedMetadata(store);
  if ("contents" in listed) {
    const arrays = listed.contents().filter(({ kind }) => kind === "array");
    return arrays.map(({ path: each }) => each.replace(/^\//, ""));
  }
  for (const key of ["/.zarray", "/zarr.json"] as const) if ((await store.get(key)) !== undefined) return [""];
  throw arrayFileInvalid(
    path,
    "consolidated metadata, or an array,",
    "neither of both; name the arrays as `variables`",
  );
}

async function openArray(
  zarr: typeof import("zarrita"),
  store: WatchedStore,
  path: string,
  name: string,
  limit: number,
): Promise<ArrayVariable> {
  const shown = name === "" ? path : `${path}/${name}`;
  const location = zarr.root(store).resolve(name);
  const array = await zarr.open(location, { kind: "array" }).catch((cause: unknown) => {
    if (isDeepwrightError(cause)) throw cause;
    throw arrayFileInvalid(shown, "an array of Zarr", cause instanceof Error ? cause.message : String(cause), cause);
  });
  const { shape, chunks } = array;
  const wellFormed = (lengths: readonly number[], least: number): boolean =>
    lengths.every((length) => Number.isSafeInteger(length) && length >= least);
  if (!wellFormed(shape, 0) || !wellFormed(chunks, 1) || chunks.length !== shape.length) {
    throw arrayFileInvalid(
      shown,
      "a shape and chunks of whole numbers",
      `${shape.join(" x ")} in ${chunks.join(" x ")}`,
    );
  }
  const type = (array.dtype in itemSizes ? array.dtype : "other") as ArrayType;
  const itemSize = itemSizes[type];
  const chunkBytes = elementCount(chunks) * itemSize;
  const attributes = array.attrs as Readonly<Record<string, AttributeValue>>;
  const named = array.dimensionNames ?? attributes._ARRAY_DIMENSIONS;
  const fill = array.fillValue;
  return {
    name: name === "" ? (path.replace(/\/+$/, "").split(/[\\/]/).pop() ?? path).replace(/\.zarr$/i, "") : name,
    shape,
    dimensions: dimensionNames(named, shape.length),
    type,
    itemSize,
    attributes,
    chunkShape: chunks,
    fillValue:
      typeof fill === "number" || typeof fill === "bigint"
        ? Number(fill)
        : typeof fill === "boolean"
          ? Number(fill)
          : null,
    async read(region, signal) {
      if (type === "other")
        throw arrayUnsupported(shown, `elements of type ${array.dtype}`, "Name a variable of numbers.");
      if (chunkBytes > limit) throw arrayTooLarge(shown, "one chunk", chunkBytes, limit);
      return readRegion(array, store, type, region, shown, signal);
    },
  };
}

function dimensionNames(named: unknown, rank: number): string[] {
  const plain = plainDimensions(rank);
  if (!Array.isArray(named) || named.length !== rank) return plain;
  return named.map((name, index) => (typeof name === "string" && name !== "" ? name : (plain[index] as string)));
}

async function readRegion(
  array: ZarrArray<DataType, WatchedStore>,
  store: WatchedStore,
  type: Exclude<ArrayType, "other">,
  region: Region,
  shown: string,
  signal: AbortSignal | undefined,
): Promise<RegionValues> {
  const { chunks } = array;
  const values = emptyValues(type, elementCount(region.shape));
  const absentChunks: number[][] = [];
  for (const place of chunksOfRegion(region, chunks)) {
    signal?.throwIfAborted();
    store.given = 0;
    const chunk = await array.getChunk(place).catch((cause: unknown) => {
      if (isDeepwrightError(cause)) throw cause;
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw arrayFileInvalid(shown, `chunk ${place.join("/")}`, `damaged data (${reason})`, cause);
    });
    if (store.given === 0) absentChunks.push(place);
    const data = numbersOf(chunk.data);
    if (data.length !== elementCount(chunks)) {
      throw arrayFileInvalid(
        shown,
        `${elementCount(chunks)} elements in chunk ${place.join("/")}`,
        String(data.length),
      );
    }
    const box = { origin: place.map((index, dimension) => index * (chunks[dimension] as number)), shape: chunks };
    copyBox(data, box, chunk.stride, values, region);
  }
  return { values, absentChunks };
}

type Numbers = ArrayLike<number | bigint>;

/** Booleans come as an array of their own kind. */
function numbersOf(data: unknown): Numbers {
  if (typeof data === "object" && data !== null && "get" in data && "length" in data) {
    const flags = data as { readonly length: number; get(index: number): unknown };
    return Uint8Array.from({ length: flags.length }, (_, index) => (flags.get(index) ? 1 : 0));
  }
  return data as Numbers;
}
