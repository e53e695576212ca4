import fc from "fast-check";
import { textFormats } from "../expectations/formats.js";
import type { SomeKindCases } from "./case.js";
import { eachRow, eachValue, type NaiveResult, sqlCompare, type ValueOptions } from "./naive.js";
import { days, type Row, times } from "./random-table.js";

export const nulls = fc.constantFrom(undefined, "fail" as const, "ignore" as const);
const mostly = fc.constantFrom(undefined, 1, 0.5, 0.9, 0);
const number = fc.constantFrom("i", "j", "d", "e");
const numbers = fc.constantFrom(-3, 0, 0.5, 1, 2.5, 3, 100);

/** Options without the keys that are undefined, as JSON has them. */
export function options<T extends object>(shape: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> {
  return fc
    .record(shape as { [K in keyof T]: fc.Arbitrary<T[K]> })
    .map(
      (record) => Object.fromEntries(Object.entries(record as object).filter(([, value]) => value !== undefined)) as T,
    );
}

const numeric = options({ column: number, nulls, mostly });
const textual = options({ column: fc.constantFrom("t", "s"), nulls, mostly });

type NumericOptions = ValueOptions & { readonly column: string };
const ofNumber = (holds: (value: number) => boolean) => ({
  options: numeric,
  naive: (rows: readonly Row[], given: NumericOptions): NaiveResult =>
    eachValue(rows, given, [given.column], (value) => holds(value as number)),
});
const ofText = (holds: (value: string) => boolean) => ({
  options: textual,
  naive: (rows: readonly Row[], given: NumericOptions): NaiveResult =>
    eachValue(rows, given, [given.column], (value) => holds(value as string)),
});

const single = fc.constantFrom(
  { column: "i", values: [0, 1, 2], value: 2 },
  { column: "j", values: [3, -1], value: 3 },
  { column: "d", values: [0.5, 100, 0], value: 0.5 },
  { column: "t", values: ["a", "b'; DROP TABLE x; --", "日本語"], value: '"' },
  { column: "s", values: ["x", "y"], value: "x" },
  { column: "b", values: [true], value: false },
  { column: "day", values: [days[0] as string, days[3] as string], value: days[1] as string },
  { column: "at", values: [times[0] as string, times[2] as string], value: times[1] as string },
);
const setOptions = fc.tuple(single, nulls, mostly).map(([{ column, values }, nullsOption, mostlyOption]) => ({
  column,
  values: [...values] as (string | number | boolean)[],
  ...(nullsOption && { nulls: nullsOption }),
  ...(mostlyOption !== undefined && { mostly: mostlyOption }),
}));
const valueOptions = fc
  .tuple(single, nulls)
  .map(([{ column, value }, nullsOption]) => ({ column, value, ...(nullsOption && { nulls: nullsOption }) }));
/** SQL's equality: 0 and -0 are alike. */
const same = (left: unknown, right: unknown): boolean => left === right;
const patterns = fc.constantFrom(
  "^a+b?$",
  "b",
  "^\\d+$",
  "[^a-z]",
  "^.$",
  "\\s$",
  "(?:a|b){2}",
  "^[\\w.]+@",
  "^$",
  "'",
  "\\$",
  "\\\\",
);

const between = fc
  .tuple(
    fc.oneof(
      fc.tuple(number, fc.option(numbers, { nil: undefined }), numbers),
      fc.constantFrom(
        ["day", days[1], days[3]] as const,
        ["at", undefined, times[4]] as const,
        ["s", "x", "y"] as const,
      ),
    ),
    nulls,
    mostly,
  )
  .map(([[column, min, max], nullsOption, mostlyOption]) => ({
    column,
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
    ...(nullsOption && { nulls: nullsOption }),
    ...(mostlyOption !== undefined && { mostly: mostlyOption }),
  }));

const inOrder = (value: unknown, operator: "<" | "<=" | ">" | ">=", limit: unknown): boolean => {
  if (typeof value === "number" && Number.isNaN(value)) return false;
  const order = sqlCompare(value as number | string, limit as number | string);
  return operator === "<" ? order < 0 : operator === "<=" ? order <= 0 : operator === ">" ? order > 0 : order >= 0;
};

export const valueCases: SomeKindCases<
  | "notNull"
  | "isNull"
  | "notBlank"
  | "notNaN"
  | "isFiniteNumber"
  | "between"
  | "greaterThan"
  | "lessThan"
  | "positive"
  | "nonNegative"
  | "negative"
  | "integral"
  | "multipleOf"
  | "isFraction"
  | "isLatitude"
  | "isLongitude"
  | "inSet"
  | "notInSet"
  | "equalTo"
  | "notEqualTo"
  | "matches"
  | "doesNotMatch"
  | "matchesAny"
  | "hasFormat"
  | "startsWith"
  | "endsWith"
  | "containsText"
  | "doesNotContainText"
  | "lengthBetween"
  | "lengthEquals"
  | "isTrimmed"
  | "isLowercase"
  | "isUppercase"
  | "isPrintableAscii"
  | "parsesAsInteger"
  | "parsesAsNumber"
  | "parsesAsBoolean"
  | "hasNoReplacementCharacter"
> = {
  notNull: {
    options: options({ column: fc.constantFrom("i", "t", "at"), mostly }),
    naive: (rows, given) => eachRow(rows, given, (row) => row[given.column as keyof Row] !== null),
  },
  isNull: {
    options: options({ column: fc.constantFrom("i", "b"), mostly }),
    naive: (rows, given) => eachRow(rows, given, (row) => row[given.column as keyof Row] === null),
  },
  notBlank: ofText((value) => /[^ \t\n\r\f]/.test(value)),
  notNaN: ofNumber((value) => !Number.isNaN(value)),
  isFiniteNumber: ofNumber(Number.isFinite),
  between: {
    options: between,
    naive: (rows, given) =>
      eachValue(
        rows,
        given,
        [given.column],
        (value) =>
          (given.min === undefined || inOrder(value, ">=", given.min)) &&
          (given.max === undefined || inOrder(value, "<=", given.max)),
      ),
  },
  greaterThan: {
    options: options({ column: number, value: numbers, nulls, mostly }),
    naive: (rows, given) => eachValue(rows, given, [given.column], (value) => inOrder(value, ">", given.value)),
  },
  lessThan: {
    options: options({ column: number, value: numbers, nulls, mostly }),
    naive: (rows, given) => eachValue(rows, given, [given.column], (value) => inOrder(value, "<", given.value)),
  },
  positive: ofNumber((value) => value > 0),
  nonNegative: ofNumber((value) => value >= 0),
  negative: ofNumber((value) => value < 0),
  integral: ofNumber(Number.isInteger),
  multipleOf: {
    options: options({ column: number, step: fc.constantFrom(0.25, 0.5, 1, 2), nulls, mostly }),
    naive: (rows, given) =>
      eachValue(
        rows,
        given,
        [given.column],
        (value) => Number.isFinite(value) && Number.isInteger((value as number) / given.step),
      ),
  },
  isFraction: ofNumber((value) => value >= 0 && value <= 1),
  isLatitude: ofNumber((value) => value >= -90 && value <= 90),
  isLongitude: ofNumber((value) => value >= -180 && value <= 180),
  inSet: {
    options: setOptions,
    naive: (rows, given) =>
      eachValue(rows, given, [given.column], (value) => given.values.some((each) => same(each, value))),
  },
  notInSet: {
    options: setOptions,
    naive: (rows, given) =>
      eachValue(rows, given, [given.column], (value) => !given.values.some((each) => same(each, value))),
  },
  equalTo: {
    options: valueOptions,
    naive: (rows, given) => eachValue(rows, given, [given.column], (value) => same(value, given.value)),
  },
  notEqualTo: {
    options: valueOptions,
    naive: (rows, given) => eachValue(rows, given, [given.column], (value) => !same(value, given.value)),
  },
  matches: {
    options: options({
      column: fc.constant("t"),
      pattern: patterns,
      ignoreCase: fc.constantFrom(undefined, true),
      nulls,
      mostly,
    }),
    naive: (rows, given) =>
      eachValue(rows, given, [given.column], (value) =>
        asciiRegExp(given.pattern, given.ignoreCase).test(value as string),
      ),
  },
  doesNotMatch: {
    options: options({ column: fc.constant("t"), pattern: patterns, nulls, mostly }),
    naive: (rows, given) =>
      eachValue(rows, given, [given.column], (value) => !asciiRegExp(given.pattern).test(value as string)),
  },
  matchesAny: {
    options: options({
      column: fc.constant("t"),
      patterns: fc.array(patterns, { minLength: 1, maxLength: 3 }),
      nulls,
      mostly,
    }),
    naive: (rows, given) =>
      eachValue(rows, given, [given.column], (value) =>
        given.patterns.some((pattern) => asciiRegExp(pattern).test(value as string)),
      ),
  },
  hasFormat: {
    options: options({
      column: fc.constantFrom("t", "s"),
      format: fc.constantFrom(...(Object.keys(textFormats) as (keyof typeof textFormats)[])),
      nulls,
      mostly,
    }),
    naive: (rows, given) =>
      eachValue(rows, given, [given.column], (value) =>
        new RegExp(textFormats[given.format], "u").test(value as string),
      ),
  },
  startsWith: affix((value, text) => value.startsWith(text)),
  endsWith: affix((value, text) => value.endsWith(text)),
  containsText: affix((value, text) => value.includes(text)),
  doesNotContainText: affix((value, text) => !value.includes(text)),
  lengthBetween: {
    options: options({
      column: fc.constantFrom("t", "s"),
      min: fc.constantFrom(undefined, 0, 1, 2),
      max: fc.constantFrom(1, 2, 10),
      nulls,
      mostly,
    }),
    naive: (rows, given) =>
      eachValue(rows, given, [given.column], (value) => {
        const length = [...(value as string)].length;
        return length >= (given.min ?? 0) && length <= (given.max ?? Number.POSITIVE_INFINITY);
      }),
  },
  lengthEquals: {
    options: options({ column: fc.constantFrom("t", "s"), length: fc.constantFrom(1, 3), nulls, mostly }),
    naive: (rows, given) =>
      eachValue(rows, given, [given.column], (value) => [...(value as string)].length === given.length),
  },
  isTrimmed: ofText((value) => !/^[ \t\n\r\f]|[ \t\n\r\f]$/.test(value)),
  isLowercase: ofText((value) => !/[A-Z]/.test(value)),
  isUppercase: ofText((value) => !/[a-z]/.test(value)),
  isPrintableAscii: ofText((value) => /^[ -~]*$/.test(value)),
  parsesAsInteger: ofText((value) => /^\s*[-+]?\d+\s*$/.test(value)),
  parsesAsNumber: ofText(
    (value) => value.trim() !== "" && /^[-+.\deE\s]*$/.test(value) && !Number.isNaN(Number(value)),
  ),
  parsesAsBoolean: ofText((value) => /^(t|f|y|n|true|false|yes|no|0|1)$/i.test(value)),
  hasNoReplacementCharacter: ofText((value) => !value.includes("\uFFFD")),
};

function affix(holds: (value: string, text: string) => boolean) {
  return {
    options: options({
      column: fc.constantFrom("t", "s"),
      text: fc.constantFrom("a", "b", "x", "'", "\\", "%", "_", "語", "ab"),
      nulls,
      mostly,
    }),
    naive: (rows: readonly Row[], given: NumericOptions & { readonly text: string }): NaiveResult =>
      eachValue(rows, given, [given.column], (value) => holds(value as string, given.text)),
  };
}

/** As the catalogue reads patterns: `.` is anything but a line feed. */
function asciiRegExp(pattern: string, ignoreCase = false): RegExp {
  return new RegExp(pattern.replaceAll("^.$", "^[^\\n]$"), ignoreCase ? "iu" : "u");
}
