import { type DataType, type Decimal, type Timestamp, TimeUnit, Type } from "apache-arrow";
import type { CellValue } from "../engine.js";
import { parseIsoDate, parseIsoTime, parseIsoTimestamp } from "../values/parse-times.js";

/** One bit for each value, least significant bit first. */
export function packBits<Value>(values: readonly Value[], isSet: (value: Value) => boolean): Uint8Array {
  const bytes = new Uint8Array(Math.ceil(values.length / 8));
  values.forEach((value, index) => {
    if (isSet(value)) bytes[index >> 3] = (bytes[index >> 3] as number) | (1 << (index & 7));
  });
  return bytes;
}

/** Where each value begins, and where the last one ends. */
export function offsetsOf(lengths: readonly number[]): Int32Array {
  const offsets = new Int32Array(lengths.length + 1);
  lengths.forEach((length, index) => {
    offsets[index + 1] = (offsets[index] as number) + length;
  });
  return offsets;
}

export function concatenate(values: readonly (Uint8Array | null)[]): { offsets: Int32Array; bytes: Uint8Array } {
  const offsets = offsetsOf(values.map((value) => value?.length ?? 0));
  const bytes = new Uint8Array(offsets[values.length] as number);
  values.forEach((value, index) => {
    if (value !== null) bytes.set(value, offsets[index]);
  });
  return { offsets, bytes };
}

/** The values of a type of fixed width, zero where there is none. */
export function fixedWidth(type: DataType, cells: readonly CellValue[]): ArrayBufferView {
  switch (type.typeId) {
    case Type.Float:
      return Float64Array.from(cells, (cell) => Number(cell ?? 0));
    case Type.Int:
      return BigInt64Array.from(cells, (cell) => (cell === null ? 0n : BigInt(cell as number | bigint)));
    case Type.Date:
      return Int32Array.from(cells, (cell) => (cell === null ? 0 : parseIsoDate(cell as string)));
    case Type.Time:
      return BigInt64Array.from(cells, (cell) => (cell === null ? 0n : parseIsoTime(cell as string) / 1000n));
    case Type.Timestamp:
      return timestamps(cells, (type as Timestamp).unit === TimeUnit.NANOSECOND ? 1n : 1000n);
    case Type.Decimal:
      return decimals(cells, (type as Decimal).scale);
    default:
      throw new TypeError(`No Arrow buffer for ${type}`);
  }
}

/** Infinite timestamps become the ends of the range, as DuckDB and Postgres store them. */
function timestamps(cells: readonly CellValue[], divisor: bigint): BigInt64Array {
  return BigInt64Array.from(cells, (cell) => {
    if (cell === null) return 0n;
    const nanos = parseIsoTimestamp(cell as string);
    if (nanos === null) return cell === "infinity" ? 2n ** 63n - 1n : -(2n ** 63n) + 1n;
    const floor = nanos / divisor;
    return nanos % divisor < 0n ? floor - 1n : floor;
  });
}

/** 128-bit two's complement in four words, the lowest first. */
function decimals(cells: readonly CellValue[], scale: number): Uint32Array {
  const words = new Uint32Array(cells.length * 4);
  cells.forEach((cell, row) => {
    if (cell === null) return;
    const unscaled = BigInt.asUintN(128, unscale(String(cell), scale));
    for (let word = 0; word < 4; word++) words[row * 4 + word] = Number((unscaled >> BigInt(32 * word)) & 0xffffffffn);
  });
  return words;
}

function unscale(text: string, scale: number): bigint {
  const plain = /e/i.test(text) ? Number(text).toFixed(scale) : text;
  const [whole = "0", fraction = ""] = plain.split(".");
  return BigInt(whole + fraction.padEnd(scale, "0").slice(0, scale));
}
