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

/** `JSON.stringify` that keeps NaN, infinities and -0. Read it back with {@link parseJson}. */
export function stringifyJson(value: unknown, space?: number): string {
  return JSON.stringify(value, (_, entry) => (typeof entry === "number" ? encodeNumber(entry) : entry), space);
}

/** Reads what {@link stringifyJson} wrote. */
export function parseJson<T = JsonValue>(text: string): T {
  return JSON.parse(text, reviveNumber) as T;
}

function reviveNumber(_: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || !("$number" in value)) return value;
  const keys = Object.keys(value);
  return keys.length === 1 && typeof value.$number === "string" ? Number(value.$number) : value;
}

/** JSON with sorted keys: equal values give equal text. Fails on `undefined`, functions and cycles. */
export function canonicalJson(value: unknown): string {
  return stringifyJson(sortKeys(value));
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, entry]) => entry !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return Object.fromEntries(entries.map(([key, entry]) => [key, sortKeys(entry)]));
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
 * `[]`, so that an empty list differs from a missing one.
 *
 * @example
 * ```ts
 * console.log(flatten({ model: { layers: [64, 10] }, shuffle: false }));
 * // { "model/layers/0": 64, "model/layers/1": 10, shuffle: false }
 * ```
 */
export function flatten(value: unknown, prefix = ""): Record<string, Leaf> {
  const result: Record<string, Leaf> = Object.create(null);
  const visit = (entry: unknown, path: string): void => {
    if (entry === null || typeof entry === "boolean" || typeof entry === "string" || typeof entry === "number") {
      result[path] = entry;
    } else if (entry instanceof Date) {
      result[path] = entry.toISOString();
    } else if (typeof entry === "bigint") {
      result[path] = entry.toString();
    } else if (typeof entry === "object") {
      const entries = Array.isArray(entry)
        ? entry.map((item, index) => [String(index), item] as const)
        : Object.entries(entry);
      if (entries.length === 0 && path !== "") result[path] = Array.isArray(entry) ? "[]" : "{}";
      for (const [key, item] of entries) {
        if (item !== undefined) visit(item, path === "" ? escapeSegment(key) : `${path}/${escapeSegment(key)}`);
      }
    }
  };
  visit(value, prefix);
  return { ...result };
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
