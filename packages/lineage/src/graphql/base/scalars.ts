import { DeepwrightError, encodeNumber, parseJson, stringifyJson } from "@deepwright/core";
import { isoTime } from "./iso-time.js";

/** What graphql-js needs to know of a custom scalar; the composing server makes a GraphQLScalarType of it. */
export interface ScalarResolvers {
  readonly serialize: (value: unknown) => unknown;
  readonly parseValue: (value: unknown) => unknown;
}

function refuse(name: string, expected: string, value: unknown): never {
  throw new DeepwrightError({
    code: "INVALID_SCALAR",
    expected: `${expected} for the scalar ${name}`,
    got: (stringifyJson(value) ?? typeof value).slice(0, 120),
    todo: "See the description of the scalar in the schema.",
  });
}

/** `2026-01-31`, `2026-01-31T12:00Z`, with seconds, fraction and any offset. */
const dateTimePattern = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d))?$/;

/** Outside: ISO 8601 text. Inside: milliseconds since 1970. */
const dateTime: ScalarResolvers = {
  serialize(value) {
    if (typeof value !== "number" || !(Math.abs(value) <= 8.64e15)) return refuse("DateTime", "milliseconds", value);
    return isoTime(value);
  },
  parseValue(value) {
    const time = typeof value === "string" && dateTimePattern.test(value) ? Date.parse(value) : Number.NaN;
    return Number.isNaN(time) ? refuse("DateTime", "a moment such as 2026-01-31T12:00:00Z", value) : time;
  },
};

const duration: ScalarResolvers = {
  serialize: (value) =>
    typeof value === "number" && Number.isFinite(value) ? value : refuse("Duration", "milliseconds", value),
  parseValue: (value) =>
    typeof value === "number" && Number.isFinite(value) && value >= 0
      ? value
      : refuse("Duration", "a number of milliseconds, 0 or more,", value),
};

const isSize = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const bytes: ScalarResolvers = {
  serialize: (value) => (isSize(value) ? value : refuse("Bytes", "a whole number of bytes", value)),
  parseValue: (value) => (isSize(value) ? value : refuse("Bytes", "a whole number of bytes", value)),
};

const namedNumbers: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  "-Infinity": Number.NEGATIVE_INFINITY,
  "-0": -0,
};

const metricValue: ScalarResolvers = {
  serialize(value) {
    if (typeof value !== "number") return refuse("MetricValue", "a number", value);
    if (value !== 0 && Number.isFinite(value)) return value;
    return value === 0 ? (Object.is(value, -0) ? "-0" : 0) : String(value);
  },
  parseValue(value) {
    if (typeof value === "number") return value;
    const named = typeof value === "string" && Object.hasOwn(namedNumbers, value) ? namedNumbers[value] : undefined;
    return named ?? refuse("MetricValue", 'a number, "NaN", "Infinity", "-Infinity" or "-0"', value);
  },
};

/** Revives the `{"$number": ...}` objects that JSON.parse of the request left as they are. */
const revive = (value: unknown): unknown =>
  typeof value === "object" && value !== null ? parseJson(JSON.stringify(value)) : value;

/** Arrays and objects are encoded through text only when they can hold a number that JSON has none for. */
const encode = (value: unknown): unknown => {
  if (typeof value === "number") return encodeNumber(value);
  return typeof value === "object" && value !== null ? JSON.parse(stringifyJson(value)) : value;
};

const leaf: ScalarResolvers = {
  serialize: encode,
  parseValue(value) {
    const revived = revive(value);
    return typeof revived === "object" && revived !== null
      ? refuse("Leaf", "text, a number, true, false or null", value)
      : revived;
  },
};

const json: ScalarResolvers = { serialize: encode, parseValue: revive };

export const scalarResolvers: Readonly<Record<string, ScalarResolvers>> = {
  DateTime: dateTime,
  Duration: duration,
  Bytes: bytes,
  MetricValue: metricValue,
  Leaf: leaf,
  JSON: json,
};
