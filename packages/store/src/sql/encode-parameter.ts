import { DeepwrightError, refuseNul } from "@deepwright/core";
import type { BatchParameter } from "../store.js";
import type { EncodedParameter } from "./driver.js";

/** Turns a value into what goes over the wire; its type is the one that the statement needs there. */
export function encodeParameter(value: BatchParameter): EncodedParameter {
  if (value === null) return null;
  if (value instanceof Uint8Array) return value;
  if (typeof value === "object" && "wire" in value) return value.wire;
  return encodeText(value);
}

/** A value other than null in Postgres' text format. */
export function encodeText(value: unknown): string {
  switch (typeof value) {
    case "string":
      return refuseNul(value, "text");
    case "number":
      return Object.is(value, -0) ? "-0" : String(value);
    case "bigint":
      return value.toString();
    case "boolean":
      return value ? "true" : "false";
    default:
      break;
  }
  if (value instanceof Date) return encodeDate(value);
  if (value instanceof Uint8Array)
    return `\\x${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("hex")}`;
  if (Array.isArray(value)) return encodeArray(value);
  throw new DeepwrightError({
    code: "INVALID_PARAMETER",
    expected: "a string, number, bigint, boolean, null, Uint8Array, Date or an array of them as a parameter",
    got: value === undefined ? "undefined" : `a value of type ${typeof value}`,
    todo: "Give null for a missing value and JSON as text.",
  });
}

function encodeDate(date: Date): string {
  const time = date.getTime();
  if (Number.isNaN(time)) {
    throw new DeepwrightError({
      code: "INVALID_PARAMETER",
      expected: "a valid Date",
      got: "an invalid one",
      todo: "Check where the date was parsed.",
    });
  }
  const text = date.toISOString();
  // Postgres knows neither signed years nor the year zero: 0000 is 1 BC.
  const year = date.getUTCFullYear();
  if (year > 0) return text.replace(/^\+0*/, "");
  return `${String(1 - year).padStart(4, "0")}${text.slice(text.indexOf("-", 1))} BC`;
}

/** An array literal: `{1,NULL,"a,b"}`. */
function encodeArray(values: readonly unknown[]): string {
  const items = values.map((item) => {
    if (item === null) return "NULL";
    if (Array.isArray(item)) return encodeArray(item);
    const text = encodeText(item);
    return typeof item === "string" || item instanceof Uint8Array || item instanceof Date
      ? `"${text.replace(/[\\"]/g, "\\$&")}"`
      : text;
  });
  return `{${items.join(",")}}`;
}
