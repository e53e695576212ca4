import { stringifyJson } from "@deepwright/core";
import type { SqlValue } from "@deepwright/store";

/** Collects the parameters of a statement while its text is put together. */
export class Parameters {
  readonly values: SqlValue[] = [];

  /** Adds a value and gives its place, `$3`. */
  add(value: SqlValue): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }

  /** Adds rows as one JSON text, to be read by `json_to_recordset`. */
  addRows(rows: readonly Readonly<Record<string, unknown>>[]): string {
    return `${this.add(wellFormed(JSON.stringify(rows)))}::text::json`;
  }
}

/**
 * Replaces lone surrogates, which JSON writes as an escape that Postgres refuses, by U+FFFD. A backslash that is itself
 * escaped does not begin an escape.
 */
export function wellFormed(json: string): string {
  if (!/\\ud[89a-f]/i.test(json)) return json;
  return json.replace(/(?<!\\)((?:\\\\)*)\\ud[89a-f][0-9a-f]{2}/gi, "$1\\ufffd");
}

/** JSON text for a column `*_json`, NaN and infinities kept; `null` for `undefined`. */
export function jsonColumn(value: unknown): string | null {
  return value === undefined || value === null ? null : stringifyJson(value);
}
