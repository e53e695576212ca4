import { basename } from "node:path";
import { isDeepwrightError } from "@deepwright/core";
import type { GeoTIFFImage } from "geotiff";
import {
  type ArrayType,
  type ArrayVariable,
  type AttributeValue,
  elementCount,
  itemSizes,
  type RasterGrid,
  type Region,
  type RegionValues,
} from "../array-file.js";
import { arrayFileInvalid, arrayTooLarge, arrayUnsupported, loadReader } from "../errors.js";
import { chunksOfRegion, copyBox } from "./copy-box.js";
import { RandomAccessFile } from "./random-access-file.js";
import { emptyValues } from "./typed-values.js";

const formats = { unsigned: 1, signed: 2, float: 3 } as const;

/** Coordinates of the centers of the pixels along one axis. */
interface Axis {
  readonly name: "x" | "y";
  readonly length: number;
  readonly start: number;
  readonly step: number;
}

/**
 * The first image of a TIFF file as a variable `[band, y, x]`, with coordinates `x` and `y` where it says where it lies. Read by tiles or strips.
 *
 * @param limit bytes of one tile or strip, of all bands
 * @throws DeepwrightError `ARRAY_FILE_INVALID`, `ARRAY_TOO_LARGE`, `ARRAY_FORMAT_UNSUPPORTED`, `PACKAGE_NOT_INSTALLED`
 */
export async function openGeotiff(
  path: string,
  limit: number,
): Promise<{
  readonly variables: readonly ArrayVariable[];
  readonly raster: RasterGrid | null;
  close(): Promise<void>;
}> {
  const geotiff = await loadReader("geotiff", () => import("geotiff"));
  const isRemote = /^https?:\/\//i.test(path);
  const file = isRemote ? null : await RandomAccessFile.open(path);
  const explain = (expected: string) => (cause: unknown) => {
    if (isDeepwrightError(cause)) throw cause;
    throw arrayFileInvalid(path, expected, cause instanceof Error ? cause.message : String(cause), cause);
  };
  const size = file?.size;
  await file?.close();
  const tiff = await (isRemote ? geotiff.fromUrl(path) : geotiff.fromFile(path)).catch(explain("a TIFF file"));
  try {
    const image = await tiff.getImage(0).catch(explain("an image"));
    const raster = rasterOf(image);
    const variables = [await variableOf(path, image, limit, size, explain)];
    if (raster !== null) for (const axis of axesOf(image, raster)) variables.push(coordinateOf(axis));
    return { variables, raster, close: async () => void (await tiff.close()) };
  } catch (error) {
    await tiff.close();
    throw error;
  }
}

async function variableOf(
  path: string,
  image: GeoTIFFImage,
  limit: number,
  size: number | undefined,
  explain: (expected: string) => (cause: unknown) => never,
): Promise<ArrayVariable> {
  const bands = image.getSamplesPerPixel();
  const [width, height] = [image.getWidth(), image.getHeight()];
  const type = typeOf(image, bands);
  const itemSize = itemSizes[type];
  const chunkShape = [bands, Math.min(height, image.getTileHeight()), Math.min(width, image.getTileWidth())];
  const shape = [bands, height, width];
  if (
    !shape.every((length) => Number.isSafeInteger(length) && length > 0) ||
    !chunkShape.every((length) => length > 0)
  ) {
    throw arrayFileInvalid(path, "a width, a height and tiles of pixels", shape.join(" x "));
  }
  const chunkBytes = bands * image.getTileHeight() * image.getTileWidth() * itemSize;
  const stored = await storedTiles(image, path, size, explain);
  const nodata = image.getGDALNoData();
  const attributes: Record<string, AttributeValue> = {};
  // The tag is text: "nan" stands for itself.
  if (nodata !== null) attributes._FillValue = nodata;
  return {
    name: basename(path).replace(/\.tiff?$/i, ""),
    shape,
    dimensions: ["band", "y", "x"],
    type,
    itemSize,
    attributes,
    chunkShape,
    fillValue: nodata,
    async read(region, signal) {
      if (type === "other")
        throw arrayUnsupported(path, "pixels of such a type", "Write integers or floats of 8 to 64 bits.");
      if (chunkBytes > limit) throw arrayTooLarge(path, "one tile", chunkBytes, limit);
      return readTiles(image, type, region, { chunkShape, stored, nodata, explain, ...(signal && { signal }) });
    },
  };
}

interface Tiles {
  readonly chunkShape: readonly number[];
  /** Whether the file holds the tile. */
  readonly stored: (row: number, column: number) => boolean;
  readonly nodata: number | null;
  readonly explain: (expected: string) => (cause: unknown) => never;
  readonly signal?: AbortSignal;
}

async function readTiles(
  image: GeoTIFFImage,
  type: Exclude<ArrayType, "other">,
  region: Region,
  { chunkShape, stored, nodata, explain, signal }: Tiles,
): Promise<RegionValues> {
  const values = emptyValues(type, elementCount(region.shape));
  const absentChunks: number[][] = [];
  const [firstBand = 0, ,] = region.origin;
  const samples = Array.from({ length: region.shape[0] ?? 0 }, (_, index) => firstBand + index);
  for (const place of chunksOfRegion(region, chunkShape)) {
    signal?.throwIfAborted();
    const [, row = 0, column = 0] = place;
    const [, tileHeight = 1, tileWidth = 1] = chunkShape;
    const [top, left] = [row * tileHeight, column * tileWidth];
    const bottom = Math.min(image.getHeight(), top + tileHeight);
    const right = Math.min(image.getWidth(), left + tileWidth);
    const box = { origin: [firstBand, top, left], shape: [samples.length, bottom - top, right - left] };
    const count = (bottom - top) * (right - left);
    const strides = [count, right - left, 1];
    if (!stored(row, column)) {
      absentChunks.push(place);
      copyBox(new Float64Array(samples.length * count).fill(nodata ?? 0), box, strides, values, region);
      continue;
    }
    const planes = await image
      .readRasters({ window: [left, top, right, bottom], samples, interleave: false, ...(signal && { signal }) })
      .catch(explain(`tile ${row}/${column}`));
    samples.forEach((sample, index) => {
      const plane = { origin: [sample, top, left], shape: [1, bottom - top, right - left] };
      copyBox(planes[index] as ArrayLike<number>, plane, strides, values, region);
    });
  }
  return { values, absentChunks };
}

/** Sparse files have tiles of no bytes. A tile beyond the end of the file is an error at once. */
async function storedTiles(
  image: GeoTIFFImage,
  path: string,
  size: number | undefined,
  explain: (expected: string) => (cause: unknown) => never,
): Promise<(row: number, column: number) => boolean> {
  const directory = image.getFileDirectory();
  const kind = image.isTiled ? "Tile" : "Strip";
  const counts = await directory.loadValue(`${kind}ByteCounts`).catch(explain("sizes of tiles"));
  const offsets = await directory.loadValue(`${kind}Offsets`).catch(explain("places of tiles"));
  const list = (value: unknown): number[] =>
    typeof value === "object" && value !== null ? Array.from(value as ArrayLike<number>, Number) : [Number(value)];
  const [bytes, places] = [list(counts), list(offsets)];
  const perRow = Math.ceil(image.getWidth() / image.getTileWidth());
  const rows = Math.ceil(image.getHeight() / image.getTileHeight());
  const planes = image.planarConfiguration === 2 ? image.getSamplesPerPixel() : 1;
  if (bytes.length < perRow * rows * planes || places.length < perRow * rows * planes) {
    throw arrayFileInvalid(path, `${perRow * rows * planes} tiles`, `${Math.min(bytes.length, places.length)}`);
  }
  const beyond = places.findIndex((place, index) => size !== undefined && place + (bytes[index] as number) > size);
  if (beyond >= 0) {
    throw arrayFileInvalid(
      path,
      `tile ${beyond} up to byte ${(places[beyond] as number) + (bytes[beyond] as number)}`,
      `the end of the file at byte ${size}`,
    );
  }
  return (row, column) => {
    const index = row * perRow + column;
    return Array.from({ length: planes }, (_, plane) => bytes[plane * perRow * rows + index] as number).every(
      (count) => count > 0,
    );
  };
}

function typeOf(image: GeoTIFFImage, bands: number): ArrayType {
  const [format, bits] = [image.getSampleFormat(0), image.getBitsPerSample(0)];
  for (let band = 1; band < bands; band++) {
    if (image.getSampleFormat(band) !== format || image.getBitsPerSample(band) !== bits) return "other";
  }
  if (format === formats.float)
    return bits === 64 ? "float64" : bits === 32 ? "float32" : bits === 16 ? "float16" : "other";
  if (bits !== 8 && bits !== 16 && bits !== 32) return "other";
  return format === formats.signed ? `int${bits}` : format === formats.unsigned ? `uint${bits}` : "other";
}

function rasterOf(image: GeoTIFFImage): RasterGrid | null {
  const keys = image.getGeoKeys();
  try {
    const [x = 0, y = 0] = image.getResolution();
    const [west = 0, south = 0, east = 0, north = 0] = image.getBoundingBox();
    const code = keys?.ProjectedCSTypeGeoKey ?? keys?.GeographicTypeGeoKey;
    const crs = typeof code === "number" && code !== 32767 ? `EPSG:${code}` : null;
    return { crs, resolution: { x, y }, bounds: [west, south, east, north] };
  } catch {
    // An image without tie points or transformation lies nowhere.
    return null;
  }
}

function axesOf(image: GeoTIFFImage, { resolution, bounds }: RasterGrid): Axis[] {
  const [west, south, east, north] = bounds;
  const { x, y } = resolution;
  return [
    { name: "y", length: image.getHeight(), start: (y < 0 ? north : south) + y / 2, step: y },
    { name: "x", length: image.getWidth(), start: (x > 0 ? west : east) + x / 2, step: x },
  ];
}

function coordinateOf({ name, length, start, step }: Axis): ArrayVariable {
  return {
    name,
    shape: [length],
    dimensions: [name],
    type: "float64",
    itemSize: 8,
    attributes: {},
    chunkShape: null,
    fillValue: null,
    read: async ({ origin: [first = 0], shape: [count = 0] }) => ({
      values: Float64Array.from({ length: count }, (_, index) => start + (first + index) * step),
      absentChunks: [],
    }),
  };
}
