import { type DuckDBType, DuckDBTypeId } from "@duckdb/node-api";
import { encodeValue } from "../../fingerprint/plan.js";
import type { ValueKind } from "../../fingerprint/value-kind.js";
import { quoteIdentifier } from "./identifiers.js";

/** The kind of a DuckDB type, as fingerprints and Arrow see it. */
export function kindOf(type: DuckDBType): ValueKind {
  switch (type.typeId) {
    case DuckDBTypeId.BOOLEAN:
      return { kind: "boolean" };
    case DuckDBTypeId.TINYINT:
    case DuckDBTypeId.SMALLINT:
    case DuckDBTypeId.INTEGER:
    case DuckDBTypeId.BIGINT:
    case DuckDBTypeId.HUGEINT:
    case DuckDBTypeId.UTINYINT:
    case DuckDBTypeId.USMALLINT:
    case DuckDBTypeId.UINTEGER:
    case DuckDBTypeId.UBIGINT:
    case DuckDBTypeId.UHUGEINT:
    case DuckDBTypeId.FLOAT:
    case DuckDBTypeId.DOUBLE:
    case DuckDBTypeId.DECIMAL:
    case DuckDBTypeId.BIGNUM:
      return { kind: "number" };
    case DuckDBTypeId.VARCHAR:
      return { kind: type.alias === "JSON" ? "json" : "text" };
    case DuckDBTypeId.ENUM:
    case DuckDBTypeId.UUID:
      return { kind: "text" };
    case DuckDBTypeId.BLOB:
      return { kind: "bytes" };
    case DuckDBTypeId.DATE:
      return { kind: "date" };
    case DuckDBTypeId.TIME:
      return { kind: "time" };
    case DuckDBTypeId.TIMESTAMP:
    case DuckDBTypeId.TIMESTAMP_S:
    case DuckDBTypeId.TIMESTAMP_MS:
    case DuckDBTypeId.TIMESTAMP_NS:
    case DuckDBTypeId.TIMESTAMP_TZ:
      return { kind: "timestamp" };
    case DuckDBTypeId.INTERVAL:
      return { kind: "interval" };
    case DuckDBTypeId.LIST:
    case DuckDBTypeId.ARRAY:
      return { kind: "list", element: kindOf(type.valueType) };
    case DuckDBTypeId.STRUCT:
      return {
        kind: "struct",
        fields: type.entryNames.map((name, index) => [name, kindOf(type.entryTypes[index] as DuckDBType)] as const),
      };
    case DuckDBTypeId.MAP:
      return { kind: "list", element: entryKind(kindOf(type.keyType), kindOf(type.valueType)) };
    default:
      return { kind: "other", type: type.toString().toLowerCase() };
  }
}

const entryKind = (key: ValueKind, value: ValueKind): ValueKind => ({
  kind: "struct",
  fields: [
    ["key", key],
    ["value", value],
  ],
});

/** SQL for the canonical text of a value; NULL for NULL. `depth` keeps the variables of nested lists apart. */
export function canonicalText(expression: string, type: DuckDBType, depth = 0): string {
  switch (type.typeId) {
    case DuckDBTypeId.FLOAT:
      return doubleText(`CAST(${expression} AS DOUBLE)`);
    case DuckDBTypeId.DOUBLE:
      return doubleText(expression);
    case DuckDBTypeId.DECIMAL:
      return type.scale === 0
        ? `CAST(${expression} AS VARCHAR)`
        : `rtrim(rtrim(CAST(${expression} AS VARCHAR), '0'), '.')`;
    case DuckDBTypeId.BLOB:
      return `lower(hex(${expression}))`;
    case DuckDBTypeId.DATE:
      return finiteText(expression, `CAST(${expression} - DATE '1970-01-01' AS VARCHAR)`);
    case DuckDBTypeId.TIME:
      return `CAST(epoch_us(${expression}) AS VARCHAR)`;
    case DuckDBTypeId.TIMESTAMP_NS:
      return finiteText(
        expression,
        `CASE WHEN epoch_ns(${expression}) % 1000 = 0 THEN CAST(epoch_ns(${expression}) // 1000 AS VARCHAR) ELSE epoch_ns(${expression}) || 'n' END`,
      );
    case DuckDBTypeId.TIMESTAMP:
    case DuckDBTypeId.TIMESTAMP_S:
    case DuckDBTypeId.TIMESTAMP_MS:
    case DuckDBTypeId.TIMESTAMP_TZ:
      return finiteText(expression, `CAST(epoch_us(${expression}) AS VARCHAR)`);
    case DuckDBTypeId.INTERVAL:
      return intervalText(expression);
    case DuckDBTypeId.LIST:
    case DuckDBTypeId.ARRAY:
      return listText(expression, type.valueType, depth);
    case DuckDBTypeId.MAP:
      return `array_to_string(list_transform(map_entries(${expression}), lambda e${depth}: ${structText(`e${depth}`, ["key", "value"], [type.keyType, type.valueType], depth + 1)}), '')`;
    case DuckDBTypeId.STRUCT:
      return `CASE WHEN ${expression} IS NOT NULL THEN ${structText(expression, type.entryNames, type.entryTypes, depth)} END`;
    default:
      return `CAST(${expression} AS VARCHAR)`;
  }
}

/** Infinite dates and timestamps as both engines print them. */
function finiteText(expression: string, text: string): string {
  return `CASE WHEN isfinite(${expression}) THEN ${text} ELSE CAST(${expression} AS VARCHAR) END`;
}

function doubleText(value: string): string {
  return [
    `CASE WHEN abs(${value}) < 9e18 AND ${value} = trunc(${value}) THEN CAST(CAST(${value} AS BIGINT) AS VARCHAR)`,
    `WHEN abs(${value}) >= 1e-4 AND abs(${value}) < 1e15 THEN CAST(${value} AS VARCHAR)`,
    `WHEN isnan(${value}) THEN 'NaN'`,
    `WHEN isinf(${value}) THEN CASE WHEN ${value} > 0 THEN 'Infinity' ELSE '-Infinity' END`,
    `ELSE 'f' || lower(hex(CAST(CAST(${value} AS BIT) AS BLOB))) END`,
  ].join(" ");
}

function intervalText(value: string): string {
  const months = `datepart('year', ${value}) * 12 + datepart('month', ${value})`;
  const micros = `datepart('hour', ${value}) * 3600000000 + datepart('minute', ${value}) * 60000000 + datepart('microsecond', ${value})`;
  return `(${months}) || ' ' || datepart('day', ${value}) || ' ' || (${micros})`;
}

function listText(list: string, elementType: DuckDBType, depth: number): string {
  const variable = `e${depth}`;
  const element = encodeValue(canonicalText(variable, elementType, depth + 1), kindOf(elementType), { byteLength });
  return `array_to_string(list_transform(${list}, lambda ${variable}: ${element} || ','), '')`;
}

function structText(value: string, names: readonly string[], types: readonly DuckDBType[], depth: number): string {
  const fields = names.map((name, index) => {
    const type = types[index] as DuckDBType;
    return `${encodeValue(canonicalText(`${value}.${quoteIdentifier(name)}`, type, depth), kindOf(type), { byteLength })} || ','`;
  });
  return fields.length === 0 ? "''" : fields.join(" || ");
}

export const byteLength = (text: string): string => `strlen(${text})`;
