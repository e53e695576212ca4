import { createHash } from "node:crypto";

/** One tensor of a model file. */
export interface Tensor {
  readonly name: string;
  /** Full lower-case name: `float32`, `int64`. */
  readonly type: string;
  readonly shape: readonly number[];
  /** First 32 digits of the SHA-256 of its bytes as they lie in the file. */
  readonly hash: string;
}

/** `float32[784,512] 9f86d081884c7d65...` */
export const describeTensor = (tensor: Tensor): string => `${tensor.type}[${tensor.shape.join(",")}] ${tensor.hash}`;

export const hashBytes = (...parts: readonly Uint8Array[]): string => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest("hex").slice(0, 32);
};
