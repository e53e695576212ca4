import { refuseNul } from "@deepwright/core";
import type { CellValue } from "../../engine.js";

/** A value as `pg` sends it: as text, whose type the server infers; arrays as its literals, objects as JSON. */
export function bindParameter(value: CellValue): string | Buffer | null {
  if (value === null) return null;
  if (typeof value === "string") return refuseNul(value, "a text");
  if (value instanceof Uint8Array) return Buffer.from(value);
  if (isList(value)) return arrayLiteral(value);
  if (typeof value === "object") return refuseNul(jsonText(value), "a text");
  return numberText(value);
}

function numberText(value: number | bigint | boolean): string {
  return Object.is(value, -0) ? "-0" : String(value);
}

function arrayLiteral(values: readonly CellValue[]): string {
  return `{${values.map(elementLiteral).join(",")}}`;
}

function elementLiteral(value: CellValue): string {
  if (value === null) return "NULL";
  if (isList(value)) return arrayLiteral(value);
  const text = value instanceof Uint8Array ? `\\x${Buffer.from(value).toString("hex")}` : String(bindParameter(value));
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}

/** JSON has no NaN, infinities and integers of any size: the first two become null as in `JSON.stringify`, the last keep all digits. */
function jsonText(value: CellValue): string {
  if (typeof value === "bigint") return String(value);
  if (value instanceof Uint8Array) return JSON.stringify(Buffer.from(value).toString("hex"));
  if (isList(value)) return `[${value.map(jsonText).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([key, entry]) => `${JSON.stringify(key)}:${jsonText(entry)}`)
    .join(",")}}`;
}

const isList = (value: CellValue): value is readonly CellValue[] => Array.isArray(value);
