import { type TypeFamily, typeFamily } from "../sql/type-family.js";
import type { ContractProperty, LogicalType } from "./contract.js";

type ColumnType =
  | "integer"
  | "number"
  | "text"
  | "boolean"
  | "date"
  | "timestamp"
  | "time"
  | "decimal"
  | "double"
  | "bytes";

const types: Readonly<Record<LogicalType, ColumnType | null>> = {
  string: "text",
  date: "date",
  timestamp: "timestamp",
  time: "time",
  number: "number",
  integer: "integer",
  boolean: "boolean",
  // Engines name nested types each in its own way.
  object: null,
  array: null,
};

/** Family of types that the data's column must have; `null` where the contract says none that can be tested. */
export function columnTypeOf({ logicalType, physicalType }: ContractProperty): ColumnType | null {
  if (logicalType !== undefined) return types[logicalType];
  const family = physicalType === undefined ? "other" : typeFamily(physicalType.toLowerCase());
  return family === "other" ? null : family;
}

const logical: Readonly<Record<TypeFamily | "number", LogicalType | null>> = {
  integer: "integer",
  decimal: "number",
  double: "number",
  number: "number",
  text: "string",
  boolean: "boolean",
  date: "date",
  timestamp: "timestamp",
  time: "time",
  bytes: null,
  other: null,
};

/** The logical type of a family; `null` where the standard has none. */
export const logicalTypeOf = (family: TypeFamily | "number"): LogicalType | null => logical[family];
