import { readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { z } from "zod";
import { hashBytes, type Tensor } from "./tensor.js";

const elementBytes: Readonly<Record<string, number>> = {
  float32: 4,
  int32: 4,
  bool: 1,
  complex64: 8,
  float16: 2,
  uint16: 2,
  uint8: 1,
};
const weightSchema = z.object({
  name: z.string(),
  dtype: z.string(),
  shape: z.array(z.number()),
  quantization: z.object({ dtype: z.string() }).optional(),
});
const modelSchema = z.object({
  weightsManifest: z.array(z.object({ paths: z.array(z.string()), weights: z.array(weightSchema) })),
});

/** Whether a `model.json` is one of TF.js. */
export function isTfjsModel(path: string): boolean {
  try {
    return modelSchema.safeParse(JSON.parse(readFileSync(path, "utf8"))).success;
  } catch {
    return false;
  }
}

/**
 * Tensors of a TF.js model: `model.json` and the binary files that its `weightsManifest` names, whose tensors lie one after the other
 * (tfjs-core `io/types.ts`, WeightsManifestConfig).
 */
export function readTfjs(path: string): Tensor[] {
  const tensors: Tensor[] = [];
  for (const group of modelSchema.parse(JSON.parse(readFileSync(path, "utf8"))).weightsManifest) {
    const folder = dirname(path);
    const parts = group.paths.map((part) => {
      const file = normalize(part);
      // A model file from elsewhere must not make us read what lies outside of its folder.
      if (file.startsWith("..") || file.startsWith("/")) throw new RangeError(`weights outside of the folder: ${part}`);
      return readFileSync(join(folder, file));
    });
    const bytes = Buffer.concat(parts);
    let offset = 0;
    for (const weight of group.weights) {
      const length = weight.dtype === "string" ? stringBytes(bytes, offset, weight.shape) : numericBytes(weight);
      if (offset + length > bytes.length) throw new RangeError(`the weights end within ${weight.name}`);
      tensors.push({
        name: weight.name,
        type: weight.dtype,
        shape: weight.shape,
        hash: hashBytes(bytes.subarray(offset, offset + length)),
      });
      offset += length;
    }
  }
  return tensors;
}

const elements = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

function numericBytes(weight: z.infer<typeof weightSchema>): number {
  const type = weight.quantization?.dtype ?? weight.dtype;
  const size = elementBytes[type];
  if (size === undefined) throw new RangeError(`unknown type ${type} of ${weight.name}`);
  return elements(weight.shape) * size;
}

/** Each string is its length (u32) and its bytes. */
function stringBytes(bytes: Buffer, offset: number, shape: readonly number[]): number {
  let at = offset;
  for (let index = 0; index < elements(shape); index++) at += 4 + bytes.readUInt32LE(at);
  return at - offset;
}
