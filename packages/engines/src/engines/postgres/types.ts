import { encodeValue } from "../../fingerprint/plan.js";
import type { ValueKind } from "../../fingerprint/value-kind.js";
import type { PostgresType, TypeCatalog } from "./type-catalog.js";

/** The kind of a Postgres type, as fingerprints and Arrow see it. */
export function kindOf(type: PostgresType, catalog: TypeCatalog): ValueKind {
  if (type.elementOid !== 0) return { kind: "list", element: kindOf(catalog(type.elementOid), catalog) };
  if (type.category === "e") return { kind: "text" };
  switch (type.name) {
    case "int2":
    case "int4":
    case "int8":
    case "float4":
    case "float8":
    case "numeric":
    case "oid":
      return { kind: "number" };
    case "bool":
      return { kind: "boolean" };
    case "text":
    case "varchar":
    case "bpchar":
    case "name":
    case "uuid":
      return { kind: "text" };
    case "json":
    case "jsonb":
      return { kind: "json" };
    case "bytea":
      return { kind: "bytes" };
    case "date":
      return { kind: "date" };
    case "time":
      return { kind: "time" };
    case "timestamp":
    case "timestamptz":
      return { kind: "timestamp" };
    case "interval":
      return { kind: "interval" };
    default:
      return { kind: "other", type: type.name };
  }
}

/** SQL for the canonical text of a value; NULL for NULL. `depth` keeps the names of nested lists apart. */
export function canonicalText(expression: string, type: PostgresType, catalog: TypeCatalog, depth = 0): string {
  if (type.elementOid !== 0) return arrayText(expression, catalog(type.elementOid), catalog, depth);
  switch (type.name) {
    case "float4":
      return doubleText(`CAST(${expression} AS float8)`);
    case "float8":
      return doubleText(expression);
    case "numeric":
      return `CAST(trim_scale(${expression}) AS text)`;
    case "bytea":
      return `encode(${expression}, 'hex')`;
    case "date":
      return finiteText(expression, `CAST(${expression} - DATE '1970-01-01' AS text)`);
    case "time":
      return microseconds(expression);
    case "timestamp":
    case "timestamptz":
      return finiteText(expression, microseconds(expression));
    case "interval":
      return intervalText(expression);
    default:
      return `CAST(${expression} AS text)`;
  }
}

/** `extract` gives an exact numeric since Postgres 14. */
function microseconds(expression: string): string {
  return `CAST(CAST(extract(epoch FROM ${expression}) * 1000000 AS int8) AS text)`;
}

function finiteText(expression: string, text: string): string {
  return `CASE WHEN isfinite(${expression}) THEN ${text} ELSE CAST(${expression} AS text) END`;
}

function doubleText(value: string): string {
  return [
    `CASE WHEN abs(${value}) < 9e18 AND ${value} = trunc(${value}) THEN CAST(CAST(${value} AS int8) AS text)`,
    `WHEN abs(${value}) >= 1e-4 AND abs(${value}) < 1e15 THEN CAST(${value} AS text)`,
    `WHEN ${value} IN ('NaN', 'Infinity', '-Infinity') THEN CAST(${value} AS text)`,
    `WHEN ${value} IS NOT NULL THEN 'f' || encode(float8send(${value}), 'hex') END`,
  ].join(" ");
}

function intervalText(value: string): string {
  const part = (field: string): string => `CAST(extract(${field} FROM ${value}) AS int8)`;
  const micros = `${part("hour")} * 3600000000 + ${part("minute")} * 60000000 + ${part("microseconds")}`;
  return `(${part("year")} * 12 + ${part("month")}) || ' ' || ${part("day")} || ' ' || (${micros})`;
}

/** Arrays of several dimensions have one type whatever their depth, so their extents stand before the elements. */
function arrayText(array: string, elementType: PostgresType, catalog: TypeCatalog, depth: number): string {
  const name = `e${depth}`;
  const element = encodeValue(
    canonicalText(`${name}.item`, elementType, catalog, depth + 1),
    kindOf(elementType, catalog),
    { byteLength },
  );
  const extents = `CASE WHEN array_ndims(${array}) > 1 THEN array_dims(${array}) ELSE '' END`;
  const items = `SELECT string_agg(${element} || ',', '' ORDER BY ${name}.place) FROM unnest(${array}) WITH ORDINALITY AS ${name}(item, place)`;
  return `CASE WHEN ${array} IS NOT NULL THEN ${extents} || coalesce((${items}), '') END`;
}

export const byteLength = (text: string): string => `octet_length(${text})`;
