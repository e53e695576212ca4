import { open, stat } from "node:fs/promises";
import { join } from "node:path";
import type { ArrayFile, ArrayFormat, ArrayVariable } from "./array-file.js";
import { arrayFileInvalid, arrayFileMissing, arrayUnsupported } from "./errors.js";
import { openGeotiff } from "./formats/geotiff.js";
import { openHdf5 } from "./formats/hdf5.js";
import { openNetcdf3 } from "./formats/netcdf3.js";
import { openNpy } from "./formats/npy.js";
import { openNpz } from "./formats/npz.js";
import { openZarr } from "./formats/zarr.js";

export interface OpenArrayOptions {
  /** Bytes that one chunk, tile or compressed array may take. Default: 64 MiB. */
  readonly chunkLimit?: number;
  /** Arrays of a Zarr store behind http that has no consolidated metadata. */
  readonly variables?: readonly string[];
}

interface OpenedFile {
  readonly variables: readonly ArrayVariable[];
  readonly raster?: ArrayFile["raster"];
  close(): Promise<void>;
}

/**
 * Opens an array file by what is in it, whatever its name: a Zarr folder (version 2 or 3) or one behind http, NetCDF classic or 4, HDF5,
 * (Geo)TIFF, `.npy`, `.npz`. Only metadata is read.
 *
 * @param path absolute, or an `http(s)` address of a Zarr store or a GeoTIFF
 * @throws DeepwrightError `DATA_FILE_MISSING`, `ARRAY_FILE_INVALID`, `ARRAY_FORMAT_UNSUPPORTED`, `ARRAY_TOO_LARGE`, `PACKAGE_NOT_INSTALLED`
 */
export async function openArrayFile(path: string, options: OpenArrayOptions = {}): Promise<ArrayFile> {
  const limit = options.chunkLimit ?? 64 * 1024 ** 2;
  const format = await formatOf(path);
  const openers: Readonly<Record<ArrayFormat, () => Promise<OpenedFile>>> = {
    zarr: () => openZarr(path, limit, options.variables),
    netcdf3: () => openNetcdf3(path),
    hdf5: () => openHdf5(path, limit),
    geotiff: () => openGeotiff(path, limit),
    npy: () => openNpy(path),
    npz: () => openNpz(path, limit),
  };
  const opened = await openers[format]();
  const sorted = opened.variables.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const variables = new Map(sorted.map((variable) => [variable.name, variable]));
  if (variables.size === 0) {
    await opened.close();
    throw arrayFileInvalid(path, "at least one array", "none");
  }
  return { path, format, variables, raster: opened.raster ?? null, close: () => opened.close() };
}

/** First bytes of a file, as Latin-1. */
const magics: Readonly<Record<Exclude<ArrayFormat, "zarr">, readonly string[]>> = {
  netcdf3: ["CDF\x01", "CDF\x02", "CDF\x05"],
  hdf5: ["\x89HDF\r\n\x1a\n"],
  geotiff: ["II*\0", "II+\0", "MM\0*", "MM\0+"],
  npy: ["\x93NUMPY"],
  npz: ["PK\x03\x04", "PK\x05\x06"],
};

async function formatOf(path: string): Promise<ArrayFormat> {
  if (/^https?:\/\//i.test(path)) return /\.tiff?$/i.test(new URL(path).pathname) ? "geotiff" : "zarr";
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(path)) {
    throw arrayUnsupported(path, "an address that is no file, folder or http address", "Fetch it first.");
  }
  const missing = (cause: unknown): never => {
    throw arrayFileMissing(path, cause);
  };
  const state = await stat(path).catch(missing);
  if (state.isDirectory()) {
    for (const name of ["zarr.json", ".zgroup", ".zarray", ".zmetadata"]) {
      if (
        await stat(join(path, name)).then(
          () => true,
          () => false,
        )
      )
        return "zarr";
    }
    throw arrayFileInvalid(path, "zarr.json, .zgroup or .zarray", "a folder without them");
  }
  const handle = await open(path, "r").catch(missing);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(8), 0, 8, 0);
    const start = buffer.toString("latin1", 0, bytesRead);
    const found = Object.entries(magics).find(([, all]) => all.some((magic) => start.startsWith(magic)));
    if (found !== undefined) return found[0] as ArrayFormat;
    throw arrayUnsupported(
      path,
      bytesRead === 0 ? "an empty file" : `the bytes ${buffer.toString("hex", 0, bytesRead)} at the start`,
      "Convert it to one of them.",
    );
  } finally {
    await handle.close();
  }
}
