import { canonicalJson, sha256 } from "@deepwright/core";

/**
 * What a column holds, as far as fingerprints tell types apart. All numeric types are one kind, so that the integer 1 of
 * a CSV file, the double 1.0 of a Parquet file and the numeric 1.00 of a table are the same value.
 */
export type ValueKind =
  | { readonly kind: ScalarKind }
  | { readonly kind: "list"; readonly element: ValueKind }
  | { readonly kind: "struct"; readonly fields: readonly (readonly [name: string, kind: ValueKind])[] }
  /** A type without a canonical form of its own; compared by the engine's text. */
  | { readonly kind: "other"; readonly type: string };

export type ScalarKind = "number" | "boolean" | "text" | "bytes" | "date" | "time" | "timestamp" | "interval" | "json";

/** True where the canonical text can hold any character, so that it needs its length before it. */
export function isFreeText(kind: ValueKind): boolean {
  return !["number", "boolean", "bytes", "date", "time", "timestamp", "interval"].includes(kind.kind);
}

/** 32 hexadecimal digits over the names and kinds of the columns in their order. */
export function schemaHash(columns: readonly (readonly [name: string, kind: ValueKind])[]): string {
  return sha256(canonicalJson(columns)).slice(0, 32);
}
