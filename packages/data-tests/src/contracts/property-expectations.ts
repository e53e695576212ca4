import { textFormats } from "../expectations/formats.js";
import { portablePattern } from "../sql/portable-pattern.js";
import type { Expectation } from "../suite/suite.js";
import type { ContractProperty } from "./contract.js";
import { columnTypeOf } from "./logical-types.js";
import { columnOf, type Translation } from "./translation.js";

const handled = [
  "name",
  "physicalName",
  "logicalType",
  "logicalTypeOptions",
  "required",
  "unique",
  "primaryKey",
  "primaryKeyPosition",
  "relationships",
  "quality",
  "properties",
  "items",
];

/** What a property says of its column by itself: type, presence, uniqueness and the options of its type. */
export function translateProperty(property: ContractProperty, path: string, into: Translation): void {
  const column = columnOf(property);
  const before = into.expectations.length;
  const type = columnTypeOf(property);
  if (type !== null) into.expect({ kind: "columnType", column, type });
  if (property.logicalType !== undefined && type === null) {
    into.notSupported(`${path}.logicalType`, `engines name ${property.logicalType}s each in their own way`);
  }
  if (property.required) into.expect({ kind: "notNull", column });
  if (property.unique) into.expect({ kind: "unique", column, nulls: "ignore" });
  translateOptions(property, column, path, into);
  if (into.expectations.length === before && !property.primaryKey) into.expect({ kind: "columnExists", column });
  for (const part of ["properties", "items"] as const) {
    if (property[part] !== undefined) into.notSupported(`${path}.${part}`, "parts of nested values are not tested");
  }
  into.forPeople(path, property, property.logicalType === undefined ? [...handled, "physicalType"] : handled);
}

/** Inclusive ranges of whole numbers by their bits. Those beyond 2^53 say no more than the type. */
const integerRanges: Readonly<Record<string, { readonly min: number; readonly max: number }>> = Object.fromEntries(
  [8, 16, 32].flatMap((bits) => [
    [`i${bits}`, { min: -(2 ** (bits - 1)), max: 2 ** (bits - 1) - 1 }],
    [`u${bits}`, { min: 0, max: 2 ** bits - 1 }],
  ]),
);

function translateOptions(property: ContractProperty, column: string, path: string, into: Translation): void {
  const options = (property.logicalTypeOptions ?? {}) as Readonly<Record<string, unknown>>;
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, minLength, maxLength, multipleOf, pattern, format } =
    options;
  const values = { column, nulls: "ignore" } as const;
  const translated = new Map<string, Expectation>();
  const isTime = property.logicalType === "time";
  if (!isTime && (minimum !== undefined || maximum !== undefined)) {
    const range = { ...(minimum !== undefined && { min: minimum }), ...(maximum !== undefined && { max: maximum }) };
    const between = { kind: "between", ...values, ...range } as Expectation;
    translated.set("minimum", between).set("maximum", between);
  }
  if (!isTime && exclusiveMinimum !== undefined) {
    translated.set("exclusiveMinimum", { kind: "greaterThan", ...values, value: exclusiveMinimum } as Expectation);
  }
  if (!isTime && exclusiveMaximum !== undefined) {
    translated.set("exclusiveMaximum", { kind: "lessThan", ...values, value: exclusiveMaximum } as Expectation);
  }
  if (minLength !== undefined || maxLength !== undefined) {
    const range = {
      ...(minLength !== undefined && { min: minLength }),
      ...(maxLength !== undefined && { max: maxLength }),
    };
    const length = { kind: "lengthBetween", ...values, ...range } as Expectation;
    translated.set("minLength", length).set("maxLength", length);
  }
  if (typeof multipleOf === "number")
    translated.set("multipleOf", { kind: "multipleOf", ...values, step: multipleOf } as Expectation);
  if (typeof pattern === "string" && isPortable(pattern))
    translated.set("pattern", { kind: "matches", ...values, pattern });
  const range = typeof format === "string" ? integerRanges[format] : undefined;
  if (range !== undefined) translated.set("format", { kind: "between", ...values, ...range });
  if (property.logicalType === "string" && typeof format === "string" && Object.hasOwn(textFormats, format)) {
    translated.set("format", { kind: "hasFormat", ...values, format: format as keyof typeof textFormats });
  }
  into.expect(...new Set(translated.values()));
  for (const name of Object.keys(options)) {
    if (options[name] !== undefined && !translated.has(name)) {
      into.notSupported(
        `${path}.logicalTypeOptions.${name}`,
        `no expectation stands for ${name} of ${property.logicalType}`,
      );
    }
  }
}

/** Whether a regular expression means the same on every engine. */
export function isPortable(pattern: string): boolean {
  try {
    portablePattern(pattern);
    return true;
  } catch {
    return false;
  }
}
