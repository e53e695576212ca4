import {
  BIGINT,
  BLOB,
  BOOLEAN,
  blobValue,
  DOUBLE,
  type DuckDBType,
  type DuckDBValue,
  HUGEINT,
  LIST,
  listValue,
  SQLNULL,
  STRUCT,
  structValue,
  VARCHAR,
} from "@duckdb/node-api";
import type { CellValue } from "../../engine.js";

/** Values and types to bind to `$1`, `$2`, ... */
export interface BoundParameters {
  readonly values: DuckDBValue[];
  readonly types: DuckDBType[];
}

export function bindParameters(parameters: readonly CellValue[]): BoundParameters {
  return { values: parameters.map(toDuckDb), types: parameters.map(typeOf) };
}

function toDuckDb(value: CellValue): DuckDBValue {
  if (typeof value === "number") return isBigint(value) ? BigInt(value) : value;
  if (value === null || typeof value !== "object") return value;
  if (value instanceof Uint8Array) return blobValue(value);
  if (isList(value)) return listValue(value.map(toDuckDb));
  return structValue(Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, toDuckDb(entry)])));
}

function typeOf(value: CellValue): DuckDBType {
  switch (typeof value) {
    case "string":
      return VARCHAR;
    case "boolean":
      return BOOLEAN;
    case "number":
      return isBigint(value) ? BIGINT : DOUBLE;
    case "bigint":
      return BigInt.asIntN(64, value) === value ? BIGINT : HUGEINT;
    default:
      if (value === null) return SQLNULL;
      if (value instanceof Uint8Array) return BLOB;
      return isList(value) ? LIST(elementType(value)) : STRUCT(structTypes(value));
  }
}

function structTypes(value: { readonly [key: string]: CellValue }): Record<string, DuckDBType> {
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, typeOf(entry)]));
}

/** A list that mixes integers and fractions is one of doubles; else the first value that is there decides. */
function elementType(values: readonly CellValue[]): DuckDBType {
  const present = values.filter((value) => value !== null);
  const types = present.map(typeOf);
  if (types.includes(DOUBLE)) return DOUBLE;
  return types.find((type) => type === HUGEINT) ?? types[0] ?? SQLNULL;
}

const isBigint = (value: number): boolean => Number.isSafeInteger(value) && !Object.is(value, -0);
const isList = (value: object): value is readonly CellValue[] => Array.isArray(value);
