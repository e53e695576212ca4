import type { CellValue } from "../../engine.js";
import { markerName } from "./markers.js";

/** A value as the protocol's `Expression`. */
export type BoundExpression = {
  readonly literal?: Readonly<Record<string, unknown>>;
  readonly unresolved_function?: { readonly function_name: string; readonly arguments: readonly BoundExpression[] };
};

/** Values by the names of their markers. */
export function bindParameters(parameters: readonly CellValue[]): Readonly<Record<string, BoundExpression>> {
  return Object.fromEntries(parameters.map((value, index) => [markerName(index + 1), bind(value)]));
}

/** Types of literals in the protocol's words. */
type LiteralType = "null" | "string" | "boolean" | "long" | "double" | "decimal" | "binary";

function bind(value: CellValue): BoundExpression {
  if (isList(value)) {
    const type = elementType(value);
    return call(
      "array",
      value.map((item) => (isScalar(item) ? literal(item, type) : bind(item))),
    );
  }
  if (isScalar(value)) return literal(value, typeOf(value));
  return call(
    "named_struct",
    Object.entries(value).flatMap(([name, entry]) => [{ literal: { string: name } }, bind(entry)]),
  );
}

type Scalar = string | number | bigint | boolean | null | Uint8Array;

function typeOf(value: Scalar): LiteralType {
  switch (typeof value) {
    case "string":
      return "string";
    case "boolean":
      return "boolean";
    case "number":
      return Number.isSafeInteger(value) && !Object.is(value, -0) ? "long" : "double";
    case "bigint":
      return BigInt.asIntN(64, value) === value ? "long" : "decimal";
    default:
      return value === null ? "null" : "binary";
  }
}

/** The widest type of numbers, and the first one's of other values: Spark binds no list whose items it would have to cast. */
function elementType(values: readonly CellValue[]): LiteralType {
  const types = values.filter((value) => value !== null && isScalar(value)).map((value) => typeOf(value as Scalar));
  return (["double", "decimal"] as const).find((wide) => types.includes(wide)) ?? types[0] ?? "null";
}

function literal(value: Scalar, type: LiteralType): BoundExpression {
  // A decimal's type would need its digits; its null is one of no type.
  if (value === null) return { literal: { null: { [type === "decimal" ? "null" : type]: {} } } };
  if (typeof value === "number" || typeof value === "bigint") {
    if (type === "double") return { literal: { double: Number(value) } };
    if (type === "decimal") return { literal: { decimal: { value: String(value), precision: 38, scale: 0 } } };
    return { literal: { [typeOf(value)]: String(value) } };
  }
  return { literal: { [typeOf(value)]: value } };
}

const call = (name: string, values: readonly BoundExpression[]): BoundExpression => ({
  unresolved_function: { function_name: name, arguments: values },
});

const isList = (value: CellValue): value is readonly CellValue[] => Array.isArray(value);
const isScalar = (value: CellValue): value is Scalar =>
  value === null || typeof value !== "object" || value instanceof Uint8Array;
