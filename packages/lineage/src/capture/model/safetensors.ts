import { z } from "zod";
import { RandomAccessFile } from "./random-access-file.js";
import { hashBytes, type Tensor } from "./tensor.js";

const types: Readonly<Record<string, string>> = {
  F64: "float64",
  F32: "float32",
  F16: "float16",
  BF16: "bfloat16",
  F8_E4M3: "float8_e4m3",
  F8_E5M2: "float8_e5m2",
  I64: "int64",
  I32: "int32",
  I16: "int16",
  I8: "int8",
  U64: "uint64",
  U32: "uint32",
  U16: "uint16",
  U8: "uint8",
  BOOL: "bool",
};
const maximumHeaderBytes = 100 * 1024 * 1024;
const entrySchema = z.object({
  dtype: z.string(),
  shape: z.array(z.number()),
  data_offsets: z.tuple([z.number(), z.number()]),
});

/**
 * Tensors of a safetensors file: u64 length of the header, header as JSON, bytes of the tensors
 * (https://github.com/huggingface/safetensors, format section).
 */
export function readSafetensors(path: string): Tensor[] {
  const file = new RandomAccessFile(path);
  try {
    const headerBytes = Number(file.read(0, 8).readBigUInt64LE());
    if (headerBytes > maximumHeaderBytes) throw new RangeError("the header is longer than the format allows");
    const header = JSON.parse(file.read(8, headerBytes).toString("utf8")) as Record<string, unknown>;
    return Object.entries(header)
      .filter(([name]) => name !== "__metadata__")
      .map(([name, value]) => {
        const { dtype, shape, data_offsets: offsets } = entrySchema.parse(value);
        const bytes = file.read(8 + headerBytes + offsets[0], offsets[1] - offsets[0]);
        return { name, type: types[dtype] ?? dtype.toLowerCase(), shape, hash: hashBytes(bytes) };
      });
  } finally {
    file.close();
  }
}
