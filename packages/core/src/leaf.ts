import { createHash } from "node:crypto";
import { DeepwrightError } from "./errors.js";

/** A value at the end of a path in a component of a run. NaN and infinities are values; `undefined` is not. */
export type Leaf = string | number | boolean | null;

/** JSON that can be stored: NaN and the infinities stand as `{"$number": "NaN"}`. */
export type JsonValue = Leaf | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** Encodes NaN, Infinity, -Infinity and -0, which JSON would turn into null or 0. */
export function encodeNumber(value: number): number | { $number: string } {
  if (Number.isFinite(value) && !Object.is(value, -0)) return value;
  return { $number: Object.is(value, -0) ? "-0" : String(value) };
}

const encodedNumbers = new Set(["NaN", "Infinity", "-Infinity", "-0"]);
const numberMark = /^\$+number$/;

/**
 * `JSON.stringify` that keeps NaN, infinities and -0. Read it back with {@link parseJson}. An object of the caller that
 * looks like an encoded number gets one `$` more, which reading takes away.
 */
export function stringifyJson(value: unknown, space?: number): string {
  // A call back for each number takes three times as long as all the rest.
  return JSON.stringify(value, isPlain(value, plainDepth) ? undefined : encodeEntry, space);
}

/** Deeper values are taken for not plain, so that one that holds itself ends. */
const plainDepth = 50;

/** Whether JSON keeps all of the value as it is: no numbers that it has not, nothing that looks like an encoded one. */
function isPlain(value: unknown, depth: number): boolean {
  if (typeof value === "number") return Number.isFinite(value) && !Object.is(value, -0);
  if (typeof value !== "object" || value === null) return true;
  if (depth === 0) return false;
  if (Array.isArray(value)) {
    for (const item of value) if (!isPlain(item, depth - 1)) return false;
    return true;
  }
  // What an object says of itself may be anything.
  if (typeof (value as { readonly toJSON?: unknown }).toJSON === "function") return false;
  for (const key in value) {
    if (numberMark.test(key) || !isPlain((value as Record<string, unknown>)[key], depth - 1)) return false;
  }
  return true;
}

function encodeEntry(_: string, value: unknown): unknown {
  if (typeof value === "number") return encodeNumber(value);
  const key = onlyKey(value);
  return key !== undefined && numberMark.test(key) ? { [`$${key}`]: (value as Record<string, unknown>)[key] } : value;
}

/** Reads what {@link stringifyJson} wrote. */
export function parseJson<T = JsonValue>(text: string): T {
  // Without a dollar sign, plain or escaped, there is no encoded number to look for.
  return JSON.parse(text, text.includes("$") || text.includes("\\u") ? reviveEntry : undefined) as T;
}

function reviveEntry(_: string, value: unknown): unknown {
  const key = onlyKey(value);
  if (key === undefined || !numberMark.test(key)) return value;
  const entry = (value as Record<string, unknown>)[key];
  if (key !== "$number") return { [key.slice(1)]: entry };
  return typeof entry === "string" && encodedNumbers.has(entry) ? Number(entry) : value;
}

/** The key of an object that has exactly one. */
function onlyKey(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  let only: string | undefined;
  for (const key in value) {
    if (only !== undefined) return undefined;
    only = key;
  }
  return only;
}

/**
 * JSON with sorted keys: equal values give equal text. Properties that are `undefined` are left out.
 *
 * @throws DeepwrightError `NOT_JSON` for what JSON can't hold: other `undefined`, functions, symbols, bigints, cycles
 */
export function canonicalJson(value: unknown): string {
  return stringifyJson(sortKeys(value, new Set()));
}

function sortKeys(value: unknown, ancestors: Set<object>): unknown {
  if (value === null || typeof value === "string" || typeof value === "number" || typeof value === "boolean") {
    return value;
  }
  if (typeof value !== "object") throw notJson(`a ${typeof value}`);
  if ("toJSON" in value && typeof value.toJSON === "function") return sortKeys(value.toJSON(), ancestors);
  if (ancestors.has(value)) throw notJson("a value that holds itself");
  ancestors.add(value);
  let result: unknown;
  if (Array.isArray(value)) {
    // Array.from also visits holes, which `map` would leave as they are.
    result = Array.from(value, (entry) => sortKeys(entry, ancestors));
  } else {
    const entries = Object.entries(value).filter(([, entry]) => entry !== undefined);
    entries.sort(([a], [b]) => (a < b ? -1 : 1));
    result = Object.fromEntries(entries.map(([key, entry]) => [key, sortKeys(entry, ancestors)]));
  }
  ancestors.delete(value);
  return result;
}

function notJson(got: string): DeepwrightError {
  return new DeepwrightError({
    code: "NOT_JSON",
    expected: "a value of JSON: text, numbers, booleans, null, arrays and plain objects",
    got,
    todo: "Turn it into text, or leave it out.",
  });
}

/** SHA-256 as 64 lower-case hexadecimal digits. */
export function sha256(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

/** Escapes one segment of a path as JSON Pointer does (RFC 6901): `~` becomes `~0`, `/` becomes `~1`. */
export function escapeSegment(segment: string): string {
  return segment.replaceAll("~", "~0").replaceAll("/", "~1");
}

/** Undoes {@link escapeSegment}. */
export function unescapeSegment(segment: string): string {
  return segment.replaceAll("~1", "/").replaceAll("~0", "~");
}

/** Joins segments into a path, escaping each: `joinPath("files", "a/b.yaml")` is `files/a~1b.yaml`. */
export function joinPath(...segments: readonly string[]): string {
  return segments.map(escapeSegment).join("/");
}

/** Splits a path into its unescaped segments. */
export function splitPath(path: string): string[] {
  return path.split("/").map(unescapeSegment);
}

/**
 * Flattens nested objects and arrays into a map path -> leaf. Empty objects and arrays are kept as the strings `{}` and
 * `[]`, so that an empty list differs from a missing one. Dates and bigints become text; `undefined`, functions and
 * symbols are left out.
 *
 * @param prefix path (already escaped) in front of all; `""` for none
 * @throws DeepwrightError `NOT_JSON` for a value that holds itself
 * @example
 * ```ts
 * console.log(flatten({ model: { layers: [64, 10] }, shuffle: false }));
 * // { "model/layers/0": 64, "model/layers/1": 10, shuffle: false }
 * ```
 */
export function flatten(value: unknown, prefix = ""): Record<string, Leaf> {
  const result: [string, Leaf][] = [];
  const ancestors = new Set<object>();
  const visit = (entry: unknown, path: string | undefined): void => {
    if (entry === null || typeof entry === "boolean" || typeof entry === "string" || typeof entry === "number") {
      result.push([path ?? "", entry]);
    } else if (entry instanceof Date) {
      result.push([path ?? "", Number.isNaN(entry.getTime()) ? "Invalid Date" : entry.toISOString()]);
    } else if (typeof entry === "bigint") {
      result.push([path ?? "", entry.toString()]);
    } else if (typeof entry === "object") {
      if (ancestors.has(entry)) throw notJson("a value that holds itself");
      ancestors.add(entry);
      const entries = Object.entries(entry);
      if (entries.length === 0 && path !== undefined) result.push([path, Array.isArray(entry) ? "[]" : "{}"]);
      for (const [key, item] of entries) {
        visit(item, path === undefined ? escapeSegment(key) : `${path}/${escapeSegment(key)}`);
      }
      ancestors.delete(entry);
    }
  };
  visit(value, prefix === "" ? undefined : prefix);
  return Object.fromEntries(result);
}

/**
 * Refuses text with a NUL byte, which Postgres can't hold, before anything is sent.
 *
 * @throws DeepwrightError `TEXT_WITH_NUL`
 */
export function refuseNul(text: string, what: string): string {
  if (!text.includes("\0")) return text;
  throw new DeepwrightError({
    code: "TEXT_WITH_NUL",
    expected: `${what} without a NUL byte`,
    got: JSON.stringify(text.slice(0, 80)),
    todo: "Remove the NUL byte; binary content belongs into a file.",
  });
}
