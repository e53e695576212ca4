import type { ArrayType, RawValues } from "../array-file.js";

const constructors = {
  int8: Int8Array,
  uint8: Uint8Array,
  bool: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  float16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  float32: Float32Array,
  int64: BigInt64Array,
  uint64: BigUint64Array,
  float64: Float64Array,
} as const;

const machineIsLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/**
 * Bytes as numbers.
 *
 * @param bytes whole elements; changed in place where the byte order is not the machine's
 */
export function typedValues(bytes: Uint8Array, type: Exclude<ArrayType, "other">, littleEndian: boolean): RawValues {
  const Values = constructors[type];
  const size = Values.BYTES_PER_ELEMENT;
  if (size > 1 && littleEndian !== machineIsLittleEndian) swapBytes(bytes, size);
  const aligned = bytes.byteOffset % size === 0 ? bytes : bytes.slice();
  const values = new Values(aligned.buffer as ArrayBuffer, aligned.byteOffset, Math.floor(aligned.length / size));
  return type === "float16" ? Float32Array.from(values as Uint16Array, halfToNumber) : values;
}

function swapBytes(bytes: Uint8Array, size: number): void {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (size === 2) buffer.swap16();
  else if (size === 4) buffer.swap32();
  else buffer.swap64();
}

/** IEEE 754 binary16. */
function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}

/** An empty array of the kind that holds `type`. */
export function emptyValues(type: Exclude<ArrayType, "other">, length: number): RawValues {
  return type === "float16" ? new Float32Array(length) : new constructors[type](length);
}
