import { type DataType, type Field, type Map_, Type } from "apache-arrow";
import { encodeValue } from "../../fingerprint/plan.js";
import type { ValueKind } from "../../fingerprint/value-kind.js";
import { doubleText } from "./double-text.js";
import { quoteIdentifier } from "./identifiers.js";

/** The kind of a Spark type, which is told by the Arrow type that the server sends it as. */
export function kindOf(type: DataType): ValueKind {
  switch (type.typeId) {
    case Type.Bool:
      return { kind: "boolean" };
    case Type.Int:
    case Type.Float:
    case Type.Decimal:
      return { kind: "number" };
    case Type.Utf8:
    case Type.LargeUtf8:
      return { kind: "text" };
    case Type.Binary:
    case Type.LargeBinary:
      return { kind: "bytes" };
    case Type.Date:
      return { kind: "date" };
    case Type.Timestamp:
      return { kind: "timestamp" };
    case Type.Duration:
    case Type.Interval:
      return { kind: "interval" };
    case Type.List:
      return { kind: "list", element: kindOf(elementOf(type)) };
    case Type.Struct:
      return { kind: "struct", fields: fieldsOf(type).map((field) => [field.name, kindOf(field.type)] as const) };
    case Type.Map: {
      const [key, value] = entryTypes(type as Map_);
      return {
        kind: "list",
        element: {
          kind: "struct",
          fields: [
            ["key", kindOf(key)],
            ["value", kindOf(value)],
          ],
        },
      };
    }
    default:
      return { kind: "other", type: String(type).toLowerCase() };
  }
}

/** SQL for the canonical text of a value; NULL for NULL. `depth` keeps the variables of nested lists apart. */
export function canonicalText(expression: string, type: DataType, depth = 0): string {
  switch (type.typeId) {
    case Type.Float:
      return doubleText(`CAST(${expression} AS DOUBLE)`, depth);
    case Type.Decimal:
      return (type as DataType & { readonly scale: number }).scale === 0
        ? `CAST(${expression} AS STRING)`
        : `trim(TRAILING '.' FROM trim(TRAILING '0' FROM CAST(${expression} AS STRING)))`;
    case Type.Binary:
    case Type.LargeBinary:
      return `lower(hex(${expression}))`;
    case Type.Date:
      return `CAST(unix_date(${expression}) AS STRING)`;
    case Type.Timestamp:
      // A timestamp without a zone is taken as UTC, which is the session's zone.
      return `CAST(unix_micros(CAST(${expression} AS TIMESTAMP)) AS STRING)`;
    case Type.Interval:
      return `(extract(YEAR FROM ${expression}) * 12 + extract(MONTH FROM ${expression})) || ' 0 0'`;
    case Type.Duration:
      return dayTimeText(expression);
    case Type.List:
      return listText(expression, elementOf(type), depth);
    case Type.Map: {
      const variable = `e${depth}`;
      const entry = structText(variable, ["key", "value"], entryTypes(type as Map_), depth + 1);
      return joined(`map_entries(${expression})`, variable, entry);
    }
    case Type.Struct: {
      const fields = fieldsOf(type);
      const names = fields.map((field) => field.name);
      const types = fields.map((field) => field.type);
      return `CASE WHEN ${expression} IS NOT NULL THEN ${structText(expression, names, types, depth)} END`;
    }
    default:
      return `CAST(${expression} AS STRING)`;
  }
}

function dayTimeText(value: string): string {
  const micros = `extract(HOUR FROM ${value}) * 3600000000 + extract(MINUTE FROM ${value}) * 60000000 + CAST(extract(SECOND FROM ${value}) * 1000000 AS BIGINT)`;
  return `'0 ' || extract(DAY FROM ${value}) || ' ' || (${micros})`;
}

function listText(list: string, elementType: DataType, depth: number): string {
  const variable = `e${depth}`;
  const element = encodeValue(canonicalText(variable, elementType, depth + 1), kindOf(elementType), { byteLength });
  return joined(list, variable, `${element} || ','`);
}

const joined = (list: string, variable: string, item: string): string =>
  `array_join(transform(${list}, ${variable} -> ${item}), '')`;

function structText(value: string, names: readonly string[], types: readonly DataType[], depth: number): string {
  const fields = names.map((name, index) => {
    const type = types[index] as DataType;
    return `${encodeValue(canonicalText(`${value}.${quoteIdentifier(name)}`, type, depth), kindOf(type), { byteLength })} || ','`;
  });
  return fields.length === 0 ? "''" : fields.join(" || ");
}

const fieldsOf = (type: DataType): readonly Field[] => (type.children ?? []) as readonly Field[];
const elementOf = (type: DataType): DataType => (fieldsOf(type)[0] as Field).type;
const entryTypes = (type: Map_): readonly [DataType, DataType] => [type.keyType, type.valueType];

export const byteLength = (text: string): string => `octet_length(${text})`;
