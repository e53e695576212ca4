import type { ArrayType, AttributeValue } from "../array-file.js";
import { arrayFileInvalid } from "../errors.js";
import type { ByteSource } from "./byte-source.js";

export interface Netcdf3Variable {
  readonly name: string;
  /** Places in the list of dimensions. */
  readonly dimensions: readonly number[];
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  readonly type: ArrayType;
  readonly itemSize: number;
  /** Byte of the first element. */
  readonly start: number;
}

export interface Netcdf3Header {
  /** A length of 0 is the record dimension, of which there is one at most. */
  readonly dimensions: readonly { readonly name: string; readonly length: number }[];
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  readonly variables: readonly Netcdf3Variable[];
  readonly recordCount: number;
}

const types: Readonly<
  Record<number, { readonly type: ArrayType; readonly itemSize: number; readonly reader: string }>
> = {
  1: { type: "int8", itemSize: 1, reader: "readInt8" },
  2: { type: "other", itemSize: 1, reader: "" },
  3: { type: "int16", itemSize: 2, reader: "readInt16BE" },
  4: { type: "int32", itemSize: 4, reader: "readInt32BE" },
  5: { type: "float32", itemSize: 4, reader: "readFloatBE" },
  6: { type: "float64", itemSize: 8, reader: "readDoubleBE" },
  7: { type: "uint8", itemSize: 1, reader: "readUInt8" },
  8: { type: "uint16", itemSize: 2, reader: "readUInt16BE" },
  9: { type: "uint32", itemSize: 4, reader: "readUInt32BE" },
  10: { type: "int64", itemSize: 8, reader: "readBigInt64BE" },
  11: { type: "uint64", itemSize: 8, reader: "readBigUInt64BE" },
};

const longestHeader = 64 * 1024 ** 2;

/**
 * The header of a NetCDF classic file: CDF-1, CDF-2 (64-bit offsets) and CDF-5 (64-bit data).
 *
 * Source: Unidata, "NetCDF File Format Specifications: The Classic Format"; Argonne and Northwestern, "CDF-5 file format".
 *
 * @throws DeepwrightError `ARRAY_FILE_INVALID`
 */
export async function readNetcdf3Header(file: ByteSource): Promise<Netcdf3Header> {
  // The header's length is written nowhere: read more until it fits.
  for (let length = Math.min(file.size, 64 * 1024); ; length = Math.min(file.size, 4 * length)) {
    const bytes = Buffer.from(await file.read(0, length, "a NetCDF header"));
    try {
      return parse(bytes, file.path);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      if (length === file.size || length >= longestHeader) {
        throw arrayFileInvalid(
          file.path,
          "a whole NetCDF header",
          "the end of the file, or lengths that are damaged",
          error,
        );
      }
    }
  }
}

/** @throws RangeError where the header goes on beyond the bytes */
function parse(bytes: Buffer, path: string): Netcdf3Header {
  const version = bytes[3];
  if (bytes.toString("latin1", 0, 3) !== "CDF" || (version !== 1 && version !== 2 && version !== 5)) {
    throw arrayFileInvalid(path, "the start of a NetCDF classic file", "other bytes");
  }
  let at = 4;
  const advance = (length: number): number => {
    const before = at;
    if (length < 0 || before + length > bytes.length) throw new RangeError("beyond the header");
    at += Math.ceil(length / 4) * 4;
    return before;
  };
  const int = (): number => bytes.readInt32BE(advance(4));
  const long = (): number => Number(bytes.readBigInt64BE(advance(8)));
  const size = version === 5 ? long : int;
  const list = <Item>(read: () => Item): Item[] => {
    int();
    const count = size();
    // Each item takes four bytes at least.
    if (count < 0 || count > (bytes.length - at) / 4 + 1) throw new RangeError("beyond the header");
    return Array.from({ length: count }, read);
  };
  const name = (): string => {
    const length = size();
    const start = advance(length);
    return bytes.toString("utf8", start, start + length);
  };
  const typeOf = (code: number) => {
    const type = types[code];
    if (type === undefined) throw arrayFileInvalid(path, "a NetCDF type from 1 to 11", String(code));
    return type;
  };
  const attribute = (): [string, AttributeValue] => {
    const key = name();
    const { type, itemSize, reader } = typeOf(int());
    const count = size();
    const start = advance(count * itemSize);
    if (type === "other") return [key, bytes.toString("utf8", start, start + count).replace(/\0+$/, "")];
    const read = (bytes as unknown as Record<string, (offset: number) => number | bigint>)[reader];
    const values = Array.from({ length: count }, (_, index) => Number(read?.call(bytes, start + index * itemSize)));
    return [key, values.length === 1 ? (values[0] as number) : values];
  };
  const recordCount = size();
  const dimensions = list(() => ({ name: name(), length: size() }));
  const attributes = Object.fromEntries(list(attribute));
  const variables = list((): Netcdf3Variable => {
    const key = name();
    const rank = size();
    if (rank < 0 || rank > 1024) throw arrayFileInvalid(path, `a rank of the variable ${key}`, String(rank));
    const places = Array.from({ length: rank }, size);
    const missing = places.find((place) => dimensions[place] === undefined);
    if (missing !== undefined)
      throw arrayFileInvalid(path, `dimensions of the variable ${key}`, `dimension ${missing}`);
    const own = Object.fromEntries(list(attribute));
    const { type, itemSize } = typeOf(int());
    size();
    return { name: key, dimensions: places, attributes: own, type, itemSize, start: version === 1 ? int() : long() };
  });
  return { dimensions, attributes, variables, recordCount };
}
