import {
  Binary,
  Bool,
  type DataType,
  DateDay,
  Decimal,
  Field,
  Float64,
  Int64,
  List,
  Null,
  Struct,
  TimeMicrosecond,
  TimestampMicrosecond,
  TimestampNanosecond,
  Utf8,
} from "apache-arrow";
import type { ValueKind } from "../fingerprint/value-kind.js";

/** All fields are nullable: a query's result has no NOT NULL. */
export const arrowField = (name: string, type: DataType): Field => new Field(name, type, true);

export const integer = (): DataType => new Int64();
export const text = (): DataType => new Utf8();
export const nothing = (): DataType => new Null();
export const decimal = (precision: number, scale: number): DataType => new Decimal(scale, precision);
export const list = (element: DataType): DataType => new List(arrowField("item", element));

export function timestamp(unit: "microseconds" | "nanoseconds"): DataType {
  return unit === "nanoseconds" ? new TimestampNanosecond("UTC") : new TimestampMicrosecond("UTC");
}

export function struct(fields: readonly (readonly [name: string, type: DataType])[]): DataType {
  return new Struct(fields.map(([name, type]) => arrowField(name, type)));
}

/** The Arrow type of a kind of value whose engine type says no more: numbers as doubles, what has no type of its own as text. */
export function fromKind(kind: ValueKind): DataType {
  switch (kind.kind) {
    case "number":
      return new Float64();
    case "boolean":
      return new Bool();
    case "bytes":
      return new Binary();
    case "date":
      return new DateDay();
    case "time":
      return new TimeMicrosecond();
    case "timestamp":
      return timestamp("microseconds");
    case "list":
      return list(fromKind(kind.element));
    case "struct":
      return struct(kind.fields.map(([name, field]) => [name, fromKind(field)] as const));
    default:
      return new Utf8();
  }
}
