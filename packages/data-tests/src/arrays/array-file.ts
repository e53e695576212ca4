/** Numbers as a file holds them; 64-bit integers stay exact until they are looked at. */
export type RawValues =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array
  | BigInt64Array
  | BigUint64Array;

/** `float16` is read as `float32`; `other` (texts, records) has a shape and attributes, and no values to look at. */
export type ArrayType =
  | "int8"
  | "uint8"
  | "int16"
  | "uint16"
  | "int32"
  | "uint32"
  | "int64"
  | "uint64"
  | "float16"
  | "float32"
  | "float64"
  | "bool"
  | "other";

export type AttributeValue = string | number | boolean | null | readonly AttributeValue[];

/** A box of an array: indexes `origin[d] .. origin[d] + shape[d] - 1` of each dimension. */
export interface Region {
  readonly origin: readonly number[];
  readonly shape: readonly number[];
}

export interface RegionValues {
  /** In C order: the last dimension runs fastest. */
  readonly values: RawValues;
  /** Positions, in the grid of chunks, of those chunks of the region that the file does not hold. */
  readonly absentChunks: readonly (readonly number[])[];
}

/** One array of a file. Nothing of its values is read before {@link ArrayVariable.read}. */
export interface ArrayVariable {
  /** Path within the file, without a slash at the start. */
  readonly name: string;
  readonly shape: readonly number[];
  /** One name for each dimension; `dim_0` and so on where the file has none. */
  readonly dimensions: readonly string[];
  readonly type: ArrayType;
  /** Bytes of an element. */
  readonly itemSize: number;
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  /** What the file reads at once at least; `null` where any box costs what it holds. */
  readonly chunkShape: readonly number[] | null;
  /** What stands where nothing was written; `null` where the format has no such value. */
  readonly fillValue: number | null;
  /** @throws DeepwrightError `ARRAY_FILE_INVALID` that names file, variable and place */
  read(region: Region, signal?: AbortSignal): Promise<RegionValues>;
}

/** Where a raster lies on the Earth. */
export interface RasterGrid {
  /** `EPSG:4326` and the like; `null` where the file names none. */
  readonly crs: string | null;
  /** Size of a pixel in units of the CRS; `y` is negative where rows run southward. */
  readonly resolution: { readonly x: number; readonly y: number };
  /** Smallest x, smallest y, greatest x, greatest y. */
  readonly bounds: readonly [number, number, number, number];
}

export type ArrayFormat = "zarr" | "netcdf3" | "hdf5" | "geotiff" | "npy" | "npz";

export interface ArrayFile {
  readonly path: string;
  readonly format: ArrayFormat;
  readonly variables: ReadonlyMap<string, ArrayVariable>;
  readonly raster: RasterGrid | null;
  close(): Promise<void>;
}

export const elementCount = (shape: readonly number[]): number =>
  shape.reduce((product, length) => product * length, 1);

export const itemSizes: Readonly<Record<ArrayType, number>> = {
  int8: 1,
  uint8: 1,
  bool: 1,
  int16: 2,
  uint16: 2,
  float16: 2,
  int32: 4,
  uint32: 4,
  float32: 4,
  int64: 8,
  uint64: 8,
  float64: 8,
  other: 1,
};

/** Names for dimensions that have none. */
export const plainDimensions = (rank: number): string[] => Array.from({ length: rank }, (_, index) => `dim_${index}`);
