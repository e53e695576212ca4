import {
  BIGINT,
  BLOB,
  BOOLEAN,
  blobValue,
  DOUBLE,
  type DuckDBType,
  DuckDBTypeId,
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
  const types = parameters.map(typeOf);
  return { values: parameters.map((value, index) => toDuckDb(value, types[index] as DuckDBType)), types };
}

function typeOf(value: CellValue): DuckDBType {
  switch (typeof value) {
    case "string":
      return VARCHAR;
    case "boolean":
      return BOOLEAN;
    case "number":
      return Number.isSafeInteger(value) && !Object.is(value, -0) ? BIGINT : DOUBLE;
    case "bigint":
      return BigInt.asIntN(64, value) === value ? BIGINT : HUGEINT;
    default:
      if (value === null) return SQLNULL;
      if (value instanceof Uint8Array) return BLOB;
      if (isList(value)) return LIST(elementType(value));
      return STRUCT(Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, typeOf(entry)])));
  }
}

/** The widest type of a list of numbers, and the first one's of other lists. */
function elementType(values: readonly CellValue[]): DuckDBType {
  const types = values.filter((value) => value !== null).map(typeOf);
  return [DOUBLE, HUGEINT].find((wide) => types.includes(wide)) ?? types[0] ?? SQLNULL;
}

function toDuckDb(value: CellValue, type: DuckDBType): DuckDBValue {
  if (value === null) return null;
  if (value instanceof Uint8Array) return blobValue(value);
  if (isList(value)) {
    const element = type.typeId === DuckDBTypeId.LIST ? type.valueType : SQLNULL;
    return listValue(value.map((item) => toDuckDb(item, element)));
  }
  if (typeof value === "object") {
    return structValue(
      Object.fromEntries(Object.entries(value).map(([name, item]) => [name, toDuckDb(item, typeOf(item))])),
    );
  }
  if (typeof value === "number" && (type === BIGINT || type === HUGEINT)) return BigInt(value);
  if (typeof value === "bigint" && type === DOUBLE) return Number(value);
  return value;
}

const isList = (value: CellValue): value is readonly CellValue[] => Array.isArray(value);
