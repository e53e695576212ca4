import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { writeArrayBuffer } from "geotiff";
import { File as Hdf5File, ready } from "h5wasm/node";
import { create, root, set, type Array as ZarrArray } from "zarrita";

/** An array as tests make it; written in any format. */
export interface TestVariable {
  readonly dimensions: readonly string[];
  readonly shape: readonly number[];
  readonly data: Float32Array | Float64Array | Int32Array | Uint8Array;
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly chunkShape?: readonly number[];
}

export type TestArrays = Readonly<Record<string, TestVariable>>;

const typeName = (data: TestVariable["data"]): "float32" | "float64" | "int32" | "uint8" =>
  data instanceof Float32Array
    ? "float32"
    : data instanceof Float64Array
      ? "float64"
      : data instanceof Int32Array
        ? "int32"
        : "uint8";

/** @param without keys of chunks that are not written */
export async function writeZarr(folder: string, arrays: TestArrays, without: readonly string[] = []): Promise<string> {
  const store = new Map<`/${string}`, Uint8Array>();
  const top = root(store);
  await create(top, { attributes: {} });
  for (const [name, { dimensions, shape, data, attributes, chunkShape }] of Object.entries(arrays)) {
    const options = {
      shape: [...shape],
      chunkShape: [...(chunkShape ?? shape)],
      dtype: typeName(data),
      dimensionNames: [...dimensions],
      attributes: { ...attributes },
    };
    const array: unknown = await create(top.resolve(name), options);
    const stride = shape.map((_, index) => shape.slice(index + 1).reduce((product, length) => product * length, 1));
    await set(array as ZarrArray<"float32", typeof store>, null, { data, shape: [...shape], stride } as never);
  }
  for (const [key, bytes] of store) {
    if (without.includes(key)) continue;
    await mkdir(dirname(join(folder, key)), { recursive: true });
    await writeFile(join(folder, key), bytes);
  }
  return folder;
}

export interface Hdf5Options {
  readonly compression?: number;
}

export async function writeHdf5(path: string, arrays: TestArrays, { compression }: Hdf5Options = {}): Promise<string> {
  await ready;
  const file = new Hdf5File(path, "w");
  const isScale = (name: string): boolean => arrays[name]?.dimensions.join() === name;
  const names = Object.keys(arrays).sort((a, b) => Number(isScale(b)) - Number(isScale(a)));
  for (const name of names) {
    const { dimensions, shape, data, attributes, chunkShape } = arrays[name] as TestVariable;
    const dataset = file.create_dataset({
      name,
      data,
      shape: [...shape],
      ...(chunkShape && { chunks: [...chunkShape] }),
      ...(compression !== undefined && chunkShape && { compression: "gzip", compression_opts: [compression] }),
    });
    for (const [key, value] of Object.entries(attributes)) dataset.create_attribute(key, value);
    if (isScale(name)) dataset.make_scale(name);
    else {
      dimensions.forEach((dimension, index) => {
        if (isScale(dimension)) dataset.attach_scale(index, dimension);
      });
    }
  }
  file.close();
  return path;
}

const codes = { int8: 1, char: 2, int32: 4, float32: 5, float64: 6, uint8: 7 } as const;

/** NetCDF classic: CDF-1, or CDF-5 where a type needs it. @param record a dimension that grows */
export async function writeNetcdf3(path: string, arrays: TestArrays, record?: string): Promise<string> {
  await writeFile(path, netcdf3Bytes(arrays, record));
  return path;
}

export function netcdf3Bytes(arrays: TestArrays, record?: string): Buffer {
  const wide = Object.values(arrays).some(({ data }) => data instanceof Uint8Array);
  const lengths = new Map<string, number>();
  for (const { dimensions, shape } of Object.values(arrays)) {
    for (const [index, dimension] of dimensions.entries()) lengths.set(dimension, shape[index] as number);
  }
  const names = [...lengths.keys()];
  const int = (value: number): Buffer => {
    const bytes = Buffer.alloc(4);
    bytes.writeInt32BE(value);
    return bytes;
  };
  const long = (value: number): Buffer => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64BE(BigInt(value));
    return bytes;
  };
  const size = wide ? long : int;
  const pad = (bytes: Buffer): Buffer => Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
  const text = (value: string): Buffer => Buffer.concat([size(Buffer.byteLength(value)), pad(Buffer.from(value))]);
  const list = (tag: number, items: readonly Buffer[]): Buffer =>
    Buffer.concat([int(items.length === 0 ? 0 : tag), size(items.length), ...items]);
  const attribute = ([key, value]: [string, string | number]): Buffer => {
    if (typeof value === "string") {
      const bytes = Buffer.from(value);
      return Buffer.concat([text(key), int(codes.char), size(bytes.length), pad(bytes)]);
    }
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleBE(value);
    return Buffer.concat([text(key), int(codes.float64), size(1), bytes]);
  };
  const bodies = Object.values(arrays).map(({ data }) => {
    const bytes = Buffer.from(data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength));
    if (data.BYTES_PER_ELEMENT === 4) bytes.swap32();
    else if (data.BYTES_PER_ELEMENT === 8) bytes.swap64();
    return bytes;
  });
  const entries = Object.entries(arrays);
  const isRecord = ([, { dimensions }]: (typeof entries)[number]): boolean => dimensions[0] === record;
  const count = record === undefined ? 0 : (lengths.get(record) ?? 0);
  const only = entries.filter(isRecord).length === 1;
  const slab = (index: number): number => (bodies[index] as Buffer).length / Math.max(1, count);
  const padded = (bytes: number): number => (only ? bytes : Math.ceil(bytes / 4) * 4);
  const header = (starts: readonly number[]): Buffer =>
    Buffer.concat([
      Buffer.from([0x43, 0x44, 0x46, wide ? 5 : 1]),
      size(count),
      list(
        10,
        names.map((name) => Buffer.concat([text(name), size(name === record ? 0 : (lengths.get(name) as number))])),
      ),
      list(12, []),
      list(
        11,
        entries.map(([name, { dimensions, attributes, data }], index) =>
          Buffer.concat([
            text(name),
            size(dimensions.length),
            ...dimensions.map((dimension) => size(names.indexOf(dimension))),
            list(12, Object.entries(attributes).map(attribute)),
            int(codes[typeName(data)]),
            size((bodies[index] as Buffer).length),
            wide ? long(starts[index] ?? 0) : int(starts[index] ?? 0),
          ]),
        ),
      ),
    ]);
  const headerLength = header([]).length;
  const starts: number[] = [];
  let at = headerLength;
  const fixed: Buffer[] = [];
  entries.forEach((entry, index) => {
    if (isRecord(entry)) return;
    starts[index] = at;
    const body = pad(bodies[index] as Buffer);
    fixed.push(body);
    at += body.length;
  });
  entries.forEach((entry, index) => {
    if (!isRecord(entry)) return;
    starts[index] = at;
    at += padded(slab(index));
  });
  const records: Buffer[] = [];
  for (let place = 0; place < count; place++) {
    entries.forEach((entry, index) => {
      if (!isRecord(entry)) return;
      const part = (bodies[index] as Buffer).subarray(place * slab(index), (place + 1) * slab(index));
      records.push(part, Buffer.alloc(padded(part.length) - part.length));
    });
  }
  return Buffer.concat([header(starts), ...fixed, ...records]);
}

export interface NpyOptions {
  readonly fortranOrder?: boolean;
  /** What the header says, whatever the data. */
  readonly declaredShape?: readonly number[];
}

export function npyBytes({ shape, data }: Pick<TestVariable, "shape" | "data">, options: NpyOptions = {}): Buffer {
  const code = { float32: "<f4", float64: "<f8", int32: "<i4", uint8: "|u1" }[typeName(data)];
  const declared = options.declaredShape ?? shape;
  const tuple = declared.length === 1 ? `(${declared[0]},)` : `(${declared.join(", ")})`;
  const order = options.fortranOrder === true ? "True" : "False";
  const dictionary = `{'descr': '${code}', 'fortran_order': ${order}, 'shape': ${tuple}, }`;
  const text = `${dictionary.padEnd(Math.ceil((dictionary.length + 11) / 64) * 64 - 11)}\n`;
  const start = Buffer.from("\x93NUMPY\x01\x00", "latin1");
  const length = Buffer.alloc(2);
  length.writeUInt16LE(text.length);
  const body = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  return Buffer.concat([start, length, Buffer.from(text, "latin1"), body]);
}

export interface TiffOptions {
  readonly epsg?: number;
  readonly origin?: readonly [number, number];
  readonly pixel?: number;
  readonly nodata?: number;
}

/** One band of 32-bit floats. */
export async function writeTiff(
  path: string,
  { shape, data }: Pick<TestVariable, "shape" | "data">,
  { epsg = 4326, origin = [-10, 58], pixel = 0.25, nodata = -9999 }: TiffOptions = {},
): Promise<string> {
  const [height = 1, width = 1] = shape;
  const metadata = {
    height,
    width,
    BitsPerSample: [32],
    SampleFormat: [3],
    ModelPixelScale: [pixel, pixel, 0],
    ModelTiepoint: [0, 0, 0, origin[0], origin[1], 0],
    GDAL_NODATA: String(nodata),
    ...(epsg > 30000
      ? { GTModelTypeGeoKey: 1, ProjectedCSTypeGeoKey: epsg }
      : { GTModelTypeGeoKey: 2, GeographicTypeGeoKey: epsg }),
  };
  await writeFile(path, Buffer.from(writeArrayBuffer(data as Float32Array, metadata as never)));
  return path;
}
