import {
  type Binary,
  type Bool,
  type Data,
  type DataType,
  type Decimal,
  type List,
  makeData,
  type Null,
  type Struct,
  Type,
  type Utf8,
} from "apache-arrow";
import type { CellValue } from "../engine.js";
import { concatenate, fixedWidth, offsetsOf, packBits } from "./buffers.js";

/**
 * The Arrow array of a column of cells. Buffers are written directly ("Physical memory layout" of the Arrow columnar format), as the
 * library's builders take timestamps as milliseconds in a double, which loses microseconds.
 */
export function arrowData(type: DataType, cells: readonly CellValue[]): Data {
  const length = cells.length;
  const nullCount = cells.reduce<number>((count, cell) => (cell === null ? count + 1 : count), 0);
  const nullBitmap = nullCount === 0 ? undefined : packBits(cells, (cell) => cell !== null);
  const base = { length, nullCount, nullBitmap };
  switch (type.typeId) {
    case Type.Null:
      return makeData({ type: type as Null, length });
    case Type.Bool:
      return makeData({ ...base, type: type as Bool, data: packBits(cells, (cell) => cell === true) });
    case Type.Utf8: {
      const { offsets, bytes } = concatenate(cells.map((cell) => (cell === null ? null : encodeText(cell))));
      return makeData({ ...base, type: type as Utf8, valueOffsets: offsets, data: bytes });
    }
    case Type.Binary: {
      const { offsets, bytes } = concatenate(cells as readonly (Uint8Array | null)[]);
      return makeData({ ...base, type: type as Binary, valueOffsets: offsets, data: bytes });
    }
    case Type.List: {
      const lists = cells as readonly (readonly CellValue[] | null)[];
      const child = arrowData(
        (type as List).valueType,
        lists.flatMap((list) => list ?? []),
      );
      return makeData({
        ...base,
        type: type as List,
        valueOffsets: offsetsOf(lists.map((list) => list?.length ?? 0)),
        child,
      });
    }
    case Type.Struct: {
      const records = cells as readonly ({ readonly [key: string]: CellValue } | null)[];
      const children = (type as Struct).children.map((field) =>
        arrowData(
          field.type,
          records.map((record) => record?.[field.name] ?? null),
        ),
      );
      return makeData({ ...base, type: type as Struct, children });
    }
    default:
      return makeData({ ...base, type: type as Decimal, data: fixedWidth(type, cells) as Uint32Array });
  }
}

const encoder = new TextEncoder();

function encodeText(cell: CellValue): Uint8Array {
  return encoder.encode(
    typeof cell === "string" ? cell : typeof cell === "object" ? JSON.stringify(cell) : String(cell),
  );
}
