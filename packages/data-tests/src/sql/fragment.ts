import type { CellValue } from "@deepwright/engines";

/** What a bound value is cast to, so that every engine compares it as the same type. */
export type BoundType = "integer" | "decimal" | "double" | "text" | "boolean" | "date" | "timestamp";

export interface BoundValue {
  readonly value: CellValue;
  readonly type: BoundType;
}

/** A piece of SQL whose values are still apart from its text. Equal fragments have equal `key`s. */
export interface Fragment {
  readonly pieces: readonly (string | BoundValue)[];
}

/** SQL with fragments in it; anything else than a fragment can't be put in, so nothing is ever pasted. */
export function sql(strings: TemplateStringsArray, ...parts: readonly Fragment[]): Fragment {
  const pieces: (string | BoundValue)[] = [];
  strings.forEach((text, index) => {
    if (text !== "") pieces.push(text);
    pieces.push(...(parts[index]?.pieces ?? []));
  });
  return { pieces };
}

/** SQL text that this package or the suite's author wrote, or that the engine quoted. */
export const text = (written: string): Fragment => ({ pieces: [written] });

export const bound = (value: CellValue, type: BoundType): Fragment => ({ pieces: [{ value, type }] });

export const boundText = (value: string): Fragment => bound(value, "text");

export function boundNumber(value: number | bigint): Fragment {
  if (typeof value === "bigint") {
    return Number.isSafeInteger(Number(value)) ? bound(Number(value), "integer") : bound(value, "decimal");
  }
  return bound(value, Number.isSafeInteger(value) && !Object.is(value, -0) ? "integer" : "double");
}

export function join(fragments: readonly Fragment[], separator: string): Fragment {
  return {
    pieces: fragments.flatMap((fragment, index) => (index === 0 ? fragment.pieces : [separator, ...fragment.pieces])),
  };
}

/** Conditions that all must hold; none of them is true. */
export function all(conditions: readonly Fragment[]): Fragment {
  if (conditions.length === 0) return text("TRUE");
  return conditions.length === 1 ? (conditions[0] as Fragment) : sql`(${join(conditions, " AND ")})`;
}

/** Two fragments with one key are the same SQL with the same values. */
export function fragmentKey(fragment: Fragment): string {
  return fragment.pieces
    .map((piece) =>
      typeof piece === "string" ? piece : `\u0000${piece.type}:${typeof piece.value}:${String(piece.value)}\u0000`,
    )
    .join("");
}

export interface Statement {
  readonly sql: string;
  readonly parameters: readonly CellValue[];
}

/** The text with `$1`, `$2`, ... in it; equal values are bound once. */
export function toStatement(fragment: Fragment, cast: (parameter: string, type: BoundType) => string): Statement {
  const parameters: CellValue[] = [];
  const places = new Map<string, number>();
  const written = fragment.pieces.map((piece) => {
    if (typeof piece === "string") return piece;
    const key = fragmentKey({ pieces: [piece] });
    let place = places.get(key);
    if (place === undefined) {
      parameters.push(piece.value);
      place = parameters.length;
      places.set(key, place);
    }
    return cast(`$${place}`, piece.type);
  });
  return { sql: written.join(""), parameters };
}
