import { basename } from "node:path";
import {
  type ArrayType,
  type ArrayVariable,
  elementCount,
  itemSizes,
  plainDimensions,
  type Region,
} from "../array-file.js";
import { arrayFileInvalid, arrayUnsupported } from "../errors.js";
import type { ByteSource } from "./byte-source.js";
import { readContiguous } from "./contiguous.js";
import { RandomAccessFile } from "./random-access-file.js";

/** What the header of a `.npy` file says. */
interface NpyHeader {
  readonly shape: readonly number[];
  readonly type: ArrayType;
  readonly itemSize: number;
  readonly littleEndian: boolean;
  readonly fortranOrder: boolean;
  /** Bytes before the first element. */
  readonly length: number;
}

const magic = "\x93NUMPY";
const longestHeader = 1_000_000;

const types: Readonly<Record<string, ArrayType>> = {
  b1: "bool",
  i1: "int8",
  i2: "int16",
  i4: "int32",
  i8: "int64",
  u1: "uint8",
  u2: "uint16",
  u4: "uint32",
  u8: "uint64",
  f2: "float16",
  f4: "float32",
  f8: "float64",
};

/**
 * Source: "The NumPy array file format", versions 1.0 to 3.0 (numpy.lib.format).
 *
 * @param read gives `length` bytes from byte `offset`
 * @throws DeepwrightError `ARRAY_FILE_INVALID`, `ARRAY_FORMAT_UNSUPPORTED`
 */
async function readNpyHeader(
  path: string,
  read: (offset: number, length: number) => Promise<Uint8Array>,
): Promise<NpyHeader> {
  const start = Buffer.from(await read(0, 12));
  if (start.toString("latin1", 0, 6) !== magic) throw arrayFileInvalid(path, "the start of a .npy file", "other bytes");
  const long = (start[6] as number) >= 2;
  const before = long ? 12 : 10;
  const length = long ? start.readUInt32LE(8) : start.readUInt16LE(8);
  if (length > longestHeader) throw arrayFileInvalid(path, "a .npy header", `one of ${length} bytes`);
  const text = Buffer.from(await read(before, length)).toString("latin1");
  const fields =
    /'descr':\s*(?<descr>'[^']*'|\[)[\s\S]*'fortran_order':\s*(?<fortran>True|False)[\s\S]*'shape':\s*\((?<shape>[\d,\sL]*)\)/;
  const found = fields.exec(text)?.groups;
  if (found === undefined)
    throw arrayFileInvalid(
      path,
      "a .npy header with descr, fortran_order and shape",
      JSON.stringify(text.slice(0, 80)),
    );
  const { descr = "", fortran, shape = "" } = found;
  const code = /^'(?<order>[<>|=])(?<type>[a-z]\d)'$/.exec(descr)?.groups;
  const type = types[code?.type ?? ""];
  if (type === undefined) throw arrayUnsupported(path, `elements of type ${descr}`, "Save numbers or booleans.");
  return {
    shape: shape.match(/\d+/g)?.map(Number) ?? [],
    type,
    itemSize: itemSizes[type],
    littleEndian: code?.order !== ">",
    fortranOrder: fortran === "True",
    length: before + length,
  };
}

/** The array of a `.npy` file, or of one that lies uncompressed in another file from byte `start` on. */
export async function openNpyAt(file: ByteSource, start: number, size: number, name: string): Promise<ArrayVariable> {
  const header = await readNpyHeader(file.path, (offset, length) => file.read(start + offset, length, "a .npy header"));
  const { type, itemSize, littleEndian } = header;
  const needed = header.length + elementCount(header.shape) * itemSize;
  if (type === "other" || needed > size) {
    const shape = header.shape.join(" x ");
    throw arrayFileInvalid(file.path, `${needed} bytes for ${shape} elements of ${type}`, `${size} bytes`);
  }
  // An array in Fortran order is its transpose in C order.
  const { fortranOrder } = header;
  const stored = fortranOrder ? header.shape.toReversed() : header.shape;
  const dimensions = plainDimensions(stored.length);
  const layout = { shape: stored, type, itemSize, littleEndian, start: start + header.length };
  return {
    name,
    shape: stored,
    dimensions: fortranOrder ? dimensions.toReversed() : dimensions,
    type,
    itemSize,
    attributes: {},
    chunkShape: null,
    fillValue: null,
    read: async (region: Region) => ({
      values: await readContiguous(file, layout, region, `elements of ${name}`),
      absentChunks: [],
    }),
  };
}

/** The variable of a `.npy` file is named by the file. */
export async function openNpy(
  path: string,
): Promise<{ readonly variables: readonly ArrayVariable[]; close(): Promise<void> }> {
  const file = await RandomAccessFile.open(path);
  try {
    const variable = await openNpyAt(file, 0, file.size, basename(path).replace(/\.npy$/i, ""));
    return { variables: [variable], close: () => file.close() };
  } catch (error) {
    await file.close();
    throw error;
  }
}
