import { Buffer } from "node:buffer";

/** Turns a value in Postgres' text format into what JavaScript uses. */
export type ValueDecoder = (text: string) => unknown;

const asText: ValueDecoder = (text) => text;
const asNumber: ValueDecoder = (text) => Number(text);

function asInteger(text: string): number | bigint {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : BigInt(text);
}

function asBytes(text: string): Uint8Array {
  const buffer = Buffer.from(text.slice(2), "hex");
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}

const timestampPattern =
  /^(\d{4,})-(\d\d)-(\d\d)(?: (\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?)?(?:([+-])(\d\d)(?::(\d\d))?(?::(\d\d))?)?( BC)?$/;

/** `date`, `timestamp` (taken as UTC) and `timestamptz`; infinities as numbers, as PGlite gives them. */
function asDate(text: string): Date | number {
  if (text === "infinity") return Infinity;
  if (text === "-infinity") return -Infinity;
  const match = timestampPattern.exec(text);
  if (match === null) return new Date(Number.NaN);
  const part = (index: number): number => Number(match[index] ?? 0);
  const date = new Date(0);
  date.setUTCFullYear(match[12] ? 1 - part(1) : part(1), part(2) - 1, part(3));
  date.setUTCHours(part(4), part(5), part(6), Math.trunc(Number((match[7] ?? "").padEnd(6, "0")) / 1000));
  const offsetSeconds = (part(9) * 60 + part(10)) * 60 + part(11);
  return new Date(date.getTime() - (match[8] === "-" ? -1 : 1) * offsetSeconds * 1000);
}

/** Decoders by type oid (pg_type.dat of Postgres); other types stay text. */
const scalarDecoders: Record<number, ValueDecoder> = {
  16: (text) => text === "t",
  17: asBytes,
  20: asInteger,
  21: asNumber,
  23: asNumber,
  26: asNumber,
  114: (text) => JSON.parse(text),
  700: asNumber,
  701: asNumber,
  1082: asDate,
  1114: asDate,
  1184: asDate,
  3802: (text) => JSON.parse(text),
};

/** Array type oid -> element type oid. */
const arrayElements: Record<number, number> = {
  199: 114,
  1000: 16,
  1001: 17,
  1005: 21,
  1007: 23,
  1009: 25,
  1014: 1042,
  1015: 1043,
  1016: 20,
  1021: 700,
  1022: 701,
  1028: 26,
  1115: 1114,
  1182: 1082,
  1185: 1184,
  1231: 1700,
  2951: 2950,
  3807: 3802,
};

const objectDecoders = new Map<number, ValueDecoder>();
const drizzleDecoders = new Map<number, ValueDecoder>();
for (const [oid, decode] of Object.entries(scalarDecoders)) objectDecoders.set(Number(oid), decode);
for (const [oid, element] of Object.entries(arrayElements)) {
  const decode = scalarDecoders[element] ?? asText;
  objectDecoders.set(Number(oid), (text) => decodeArray(text, decode));
}
// drizzle's columns read dates, times, JSON and arrays of them from text themselves.
const textForDrizzle = new Set([114, 3802, 1082, 1114, 1184, 1115, 1182, 1185, 1231]);
for (const [oid, decode] of objectDecoders) if (!textForDrizzle.has(oid)) drizzleDecoders.set(oid, decode);

/** The decoder for a column; undefined: the text is the value. */
export function decoderFor(oid: number, shape: "objects" | "drizzle"): ValueDecoder | undefined {
  return (shape === "objects" ? objectDecoders : drizzleDecoders).get(oid);
}

/** Reads an array literal of any depth. Bounds in front (`[0:1]={a,b}`) are dropped. */
function decodeArray(text: string, decode: ValueDecoder): unknown[] {
  let position = text.indexOf("{");
  const readArray = (): unknown[] => {
    const items: unknown[] = [];
    position += 1;
    while (position < text.length) {
      const character = text[position];
      if (character === "}") {
        position += 1;
        break;
      }
      if (character === ",") position += 1;
      else if (character === "{") items.push(readArray());
      else if (character === '"') items.push(decode(readQuoted()));
      else items.push(readBare());
    }
    return items;
  };
  const readQuoted = (): string => {
    let value = "";
    position += 1;
    let start = position;
    while (text[position] !== '"') {
      if (text[position] === "\\") {
        value += text.slice(start, position);
        position += 1;
        start = position;
      }
      position += 1;
    }
    value += text.slice(start, position);
    position += 1;
    return value;
  };
  const readBare = (): unknown => {
    const start = position;
    while (position < text.length && text[position] !== "," && text[position] !== "}") position += 1;
    const value = text.slice(start, position);
    return value === "NULL" ? null : decode(value);
  };
  return position < 0 ? [] : readArray();
}
