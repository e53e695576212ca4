import { type Data, type DataType, type Decimal, type Field, Type, Vector } from "apache-arrow";
import type { CellValue } from "../../engine.js";
import { decimalCell, integerCell } from "../../values/decimals.js";
import { isoDate, isoDuration, isoTimestamp } from "../../values/times.js";

/** Reads the value at a place that holds one. */
type Reader = (place: number) => CellValue;

/**
 * The cells of an Arrow array as the README's table "Values" says. Timestamps and decimals are read from the buffers, as the
 * library's own getters give milliseconds in a double and words.
 */
export function cellsOf(data: Data): CellValue[] {
  const read = readerOf(data);
  return Array.from({ length: data.length }, (_, place) => (data.getValid(place) ? read(place) : null));
}

function readerOf(data: Data): Reader {
  const type: DataType = data.type;
  switch (type.typeId) {
    case Type.Null:
      return () => null;
    case Type.Date: {
      const days = data.values as Int32Array;
      return (place) => isoDate(days[place] as number);
    }
    case Type.Timestamp: {
      const micros = data.values as BigInt64Array;
      return (place) => isoTimestamp(micros[place] as bigint);
    }
    case Type.Duration: {
      const micros = data.values as BigInt64Array;
      return (place) => isoDuration(0, 0, micros[place] as bigint);
    }
    case Type.Interval: {
      const months = data.values as Int32Array;
      return (place) => isoDuration(months[place] as number, 0, 0n);
    }
    case Type.Decimal: {
      const words = data.values as Uint32Array;
      const { scale } = type as Decimal;
      return (place) => decimalCell(decimalText(words.subarray(place * 4, place * 4 + 4), scale));
    }
    case Type.List:
    case Type.Map:
      return listReader(data);
    case Type.Struct: {
      const names = type.children.map((field: Field) => field.name);
      const fields = data.children.map(cellsOf);
      return (place) => Object.fromEntries(names.map((name, index) => [name, fields[index]?.[place] as CellValue]));
    }
    default: {
      const vector = new Vector([data]);
      return (place) => plainCell(vector.get(place));
    }
  }
}

/** Lists, and maps as lists of their entries. */
function listReader(data: Data): Reader {
  const items = cellsOf(data.children[0] as Data);
  const offsets = data.valueOffsets as Int32Array;
  const isMap = data.type.typeId === Type.Map;
  return (place) => {
    const list = items.slice(offsets[place], offsets[place + 1]);
    // The entries' fields have names of the writer's choice.
    return isMap ? list.map(keyAndValue) : list;
  };
}

function keyAndValue(entry: CellValue): CellValue {
  const [key = null, value = null] = Object.values(entry as Readonly<Record<string, CellValue>>);
  return { key, value };
}

function plainCell(value: unknown): CellValue {
  if (typeof value === "bigint") return integerCell(value);
  if (value instanceof Uint8Array) return Uint8Array.from(value);
  return value as string | number | boolean;
}

/** 128-bit two's complement in four words, the lowest first, as plain decimal notation. */
function decimalText(words: Uint32Array, scale: number): string {
  const unsigned = words.reduceRight((sum, word) => (sum << 32n) | BigInt(word), 0n);
  const unscaled = BigInt.asIntN(128, unsigned);
  if (scale <= 0) return String(unscaled * 10n ** BigInt(-scale));
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, "0");
  return `${unscaled < 0n ? "-" : ""}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}
