import { readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { type ProtobufField, readFields, readVarints } from "./protobuf.js";
import { RandomAccessFile } from "./random-access-file.js";
import { hashBytes, type Tensor } from "./tensor.js";

/** TensorProto.DataType of onnx.proto. */
const types: readonly string[] =
  `undefined float32 uint8 int8 uint16 int16 int32 int64 string bool float16 float64 uint32 uint64 complex64
  complex128 bfloat16 float8e4m3fn float8e4m3fnuz float8e5m2 float8e5m2fnuz uint4 int4`.split(/\s+/);

/** Field numbers of onnx.proto3. */
const modelGraph = 7;
const graphInitializer = 5;
const tensorField = { dims: 1, dataType: 2, name: 8, rawData: 9, externalData: 13 } as const;
/** float_data, int32_data, string_data, int64_data, double_data, uint64_data: values that are not raw. */
const typedData = new Set([4, 5, 6, 7, 10, 11]);

/**
 * Initializers (weights) of an ONNX model, also where their data lies in a file beside it
 * (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto).
 */
export function readOnnx(path: string): Tensor[] {
  const tensors: Tensor[] = [];
  for (const field of readFields(readFileSync(path))) {
    if (field.number !== modelGraph) continue;
    for (const part of readFields(field.bytes)) {
      if (part.number === graphInitializer) tensors.push(readTensor(part.bytes, dirname(path)));
    }
  }
  return tensors;
}

function readTensor(message: Buffer, folder: string): Tensor {
  const shape: number[] = [];
  const data: Buffer[] = [];
  const external = new Map<string, string>();
  let type = 0;
  let name = "";
  for (const field of readFields(message)) {
    if (field.number === tensorField.dims) shape.push(...readVarints(field));
    else if (field.number === tensorField.dataType) type = Number(field.value);
    else if (field.number === tensorField.name) name = field.bytes.toString("utf8");
    else if (field.number === tensorField.rawData) data.push(field.bytes);
    else if (field.number === tensorField.externalData) external.set(...readEntry(field.bytes));
    else if (typedData.has(field.number)) data.push(fieldBytes(field));
  }
  if (external.has("location")) data.push(readExternal(folder, external));
  return { name, type: types[type] ?? `type${type}`, shape, hash: hashBytes(...data) };
}

function fieldBytes(field: ProtobufField): Buffer {
  if (field.bytes.length > 0) return field.bytes;
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt.asUintN(64, field.value));
  return bytes;
}

function readEntry(message: Buffer): [string, string] {
  const entry: [string, string] = ["", ""];
  for (const field of readFields(message)) {
    if (field.number === 1 || field.number === 2) entry[field.number - 1] = field.bytes.toString("utf8");
  }
  return entry;
}

function readExternal(folder: string, entry: ReadonlyMap<string, string>): Buffer {
  const location = normalize(entry.get("location") as string);
  // A model file from elsewhere must not make us read what lies outside of its folder.
  if (location.startsWith("..") || location.startsWith("/"))
    throw new RangeError(`data outside of the folder: ${location}`);
  const file = new RandomAccessFile(join(folder, location));
  try {
    const offset = Number(entry.get("offset") ?? 0);
    return file.read(offset, Number(entry.get("length") ?? file.sizeBytes - offset));
  } finally {
    file.close();
  }
}
