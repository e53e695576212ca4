import type { CellValue } from "@deepwright/engines";

/** What a bound value is cast to, so that every engine compares it as the same type. */
export type BoundType = "integer" | "double" | "text" | "boolean" | "date" | "timestamp";

interface BoundValue {
  readonly value: CellValue;
  readonly type: BoundType;
}

/** A piece of SQL whose values are still apart from its text. */
export interface Fragment {
  readonly pieces: readonly (string | BoundValue)[];
}

/** SQL with fragments in it; anything else than a fragment can't be put in, so nothing is ever pasted. */
export function sql(strings: TemplateStringsArray, ...parts: readonly Fragment[]): Fragment {
  const pieces: (string | BoundValue)[] = [];
  strings.forEach((written, index) => {
    if (written !== "") pieces.push(written);
    pieces.push(...(parts[index]?.pieces ?? []));
  });
  return { pieces };
}

/** SQL text that this package wrote, or that the engine quoted. */
export const text = (written: string): Fragment => ({ pieces: [written] });

export const bound = (value: CellValue, type: BoundType): Fragment => ({ pieces: [{ value, type }] });

/** An integer of this package, written out. */
export const whole = (value: number): Fragment => text(value < 0 ? `(${value})` : String(value));

export function join(fragments: readonly Fragment[], separator: string): Fragment {
  return {
    pieces: fragments.flatMap((fragment, index) => (index === 0 ? fragment.pieces : [separator, ...fragment.pieces])),
  };
}

/** Conditions that all must hold; none of them is true. */
export function all(conditions: readonly Fragment[]): Fragment {
  return conditions.length === 0 ? text("TRUE") : sql`(${join(conditions, " AND ")})`;
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
    const key = `${piece.type}:${typeof piece.value}:${String(piece.value)}`;
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
