import { Buffer } from "node:buffer";
import { DeepwrightError, refuseNul } from "@deepwright/core";
import type { SqlValue } from "../store.js";
import { encodeText } from "./encode-parameter.js";

/** Writes one element; gives the next offset. */
interface ElementCodec {
  readonly oid: number;
  /** Size in bytes of a value, or -1 when it can't be written in binary. */
  size(value: SqlValue): number;
  write(target: Buffer, offset: number, value: SqlValue): void;
}

function fixed(
  oid: number,
  width: number,
  accepts: (value: SqlValue) => boolean,
  write: ElementCodec["write"],
): ElementCodec {
  return { oid, size: (value) => (accepts(value) ? width : -1), write };
}

function integer(oid: number, width: 2 | 4): ElementCodec {
  const limit = 2 ** (width * 8 - 1);
  return fixed(
    oid,
    width,
    (value) => typeof value === "number" && Number.isInteger(value) && value >= -limit && value < limit,
    (target, offset, value) => target.writeIntBE(value as number, offset, width),
  );
}

const text = (oid: number): ElementCodec => ({
  oid,
  size: (value) => (typeof value === "string" ? Buffer.byteLength(refuseNul(value, "text")) : -1),
  write: (target, offset, value) => target.write(value as string, offset),
});

const uuidPattern = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;
const epoch2000Ms = 946_684_800_000;

/** Binary formats of Postgres' element types (`*_recv` functions of its source, `src/backend/utils/adt`). */
const codecs: Record<string, ElementCodec> = {
  bool: fixed(
    16,
    1,
    (value) => typeof value === "boolean",
    (target, offset, value) => target.writeUInt8(value ? 1 : 0, offset),
  ),
  bytea: {
    oid: 17,
    size: (value) => (value instanceof Uint8Array ? value.byteLength : -1),
    write: (target, offset, value) => target.set(value as Uint8Array, offset),
  },
  int8: fixed(
    20,
    8,
    (value) =>
      (typeof value === "number" && Number.isSafeInteger(value)) ||
      (typeof value === "bigint" && BigInt.asIntN(64, value) === value),
    (target, offset, value) => {
      if (typeof value === "bigint") target.writeBigInt64BE(value, offset);
      else {
        const high = Math.floor((value as number) / 4_294_967_296);
        target.writeInt32BE(high, offset);
        target.writeUInt32BE((value as number) - high * 4_294_967_296, offset + 4);
      }
    },
  ),
  int2: integer(21, 2),
  int4: integer(23, 4),
  text: text(25),
  varchar: text(1043),
  json: text(114),
  float4: fixed(
    700,
    4,
    (value) => typeof value === "number",
    (target, offset, value) => target.writeFloatBE(value as number, offset),
  ),
  float8: fixed(
    701,
    8,
    (value) => typeof value === "number",
    (target, offset, value) => target.writeDoubleBE(value as number, offset),
  ),
  timestamptz: fixed(
    1184,
    8,
    (value) => value instanceof Date && !Number.isNaN(value.getTime()),
    (target, offset, value) => {
      target.writeBigInt64BE(BigInt((value as Date).getTime() - epoch2000Ms) * 1000n, offset);
    },
  ),
  uuid: fixed(
    2950,
    16,
    (value) => typeof value === "string" && uuidPattern.test(value),
    (target, offset, value) => target.write((value as string).replaceAll("-", ""), offset, "hex"),
  ),
  jsonb: {
    oid: 3802,
    size: (value) => (typeof value === "string" ? 1 + Buffer.byteLength(refuseNul(value, "JSON")) : -1),
    write: (target, offset, value) => {
      target.writeUInt8(1, offset);
      target.write(value as string, offset + 1);
    },
  },
};

const aliases: Record<string, string> = {
  bigint: "int8",
  boolean: "bool",
  "character varying": "varchar",
  "double precision": "float8",
  int: "int4",
  integer: "int4",
  real: "float4",
  smallint: "int2",
  "timestamp with time zone": "timestamptz",
};

/** The short name of an element type. @throws DeepwrightError `INVALID_COLUMN` when it is no name of a type */
export function normalizeType(type: string): string {
  const name = type.trim().toLowerCase();
  if (/^[a-z_][a-z0-9_ ]*(\(\d+(, ?\d+)?\))?(\[\])?$/.test(name)) return aliases[name] ?? name;
  throw new DeepwrightError({
    code: "INVALID_COLUMN",
    expected: "the name of a Postgres type such as float8",
    got: JSON.stringify(type),
    todo: "Give the element type of the column.",
  });
}

/**
 * Encodes the rows `from` .. `to` - 1 of a column as one array of `type`: binary where every value fits the type's binary
 * format (exact, and half the work of text for Postgres), else as an array literal that Postgres parses.
 */
export function encodeColumn(type: string, values: ArrayLike<SqlValue>, from: number, to: number): Uint8Array | string {
  const codec = codecs[type];
  return (codec && encodeBinary(codec, values, from, to)) ?? encodeLiteral(values, from, to);
}

function encodeBinary(
  codec: ElementCodec,
  values: ArrayLike<SqlValue>,
  from: number,
  to: number,
): Uint8Array | undefined {
  let size = 20;
  let hasNull = 0;
  for (let row = from; row < to; row++) {
    const value = values[row] as SqlValue;
    size += 4;
    if (value === null) hasNull = 1;
    else {
      const width = codec.size(value);
      if (width < 0) return undefined;
      size += width;
    }
  }
  const target = Buffer.allocUnsafeSlow(size);
  // array_recv: dimensions, has nulls, element oid, then length and lower bound of the dimension.
  target.writeInt32BE(1, 0);
  target.writeInt32BE(hasNull, 4);
  target.writeInt32BE(codec.oid, 8);
  target.writeInt32BE(to - from, 12);
  target.writeInt32BE(1, 16);
  let offset = 20;
  for (let row = from; row < to; row++) {
    const value = values[row] as SqlValue;
    if (value === null) {
      target.writeInt32BE(-1, offset);
      offset += 4;
      continue;
    }
    const width = codec.size(value);
    target.writeInt32BE(width, offset);
    codec.write(target, offset + 4, value);
    offset += 4 + width;
  }
  return target;
}

function encodeLiteral(values: ArrayLike<SqlValue>, from: number, to: number): string {
  const items: string[] = [];
  for (let row = from; row < to; row++) {
    const value = values[row] as SqlValue;
    items.push(value === null ? "NULL" : `"${encodeText(value).replace(/[\\"]/g, "\\$&")}"`);
  }
  return `{${items.join(",")}}`;
}
