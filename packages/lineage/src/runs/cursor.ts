import { DeepwrightError, isId, parseJson, stringifyJson } from "@deepwright/core";

/**
 * A place in an ordered list of runs. Runs ordered by a metric come in three stretches: those with a value, those whose
 * value is NaN, those without the metric; a list by start has one.
 */
export interface Place {
  readonly stretch: number;
  /** The value by which the stretch is ordered; `null` where it is ordered by id alone. */
  readonly value: number | null;
  readonly id: string;
}

export function writeCursor(place: Place): string {
  return Buffer.from(stringifyJson([place.stretch, place.value, place.id])).toString("base64url");
}

/** @throws DeepwrightError `INVALID_CURSOR` */
export function readCursor(cursor: string): Place {
  try {
    const [stretch, value, id] = parseJson<[number, number | null, string]>(
      Buffer.from(cursor, "base64url").toString(),
    );
    if (Number.isInteger(stretch) && (value === null || typeof value === "number") && isId(id)) {
      return { stretch, value, id };
    }
  } catch {
    // Falls through to the one error for all cursors that no page gave.
  }
  throw new DeepwrightError({
    code: "INVALID_CURSOR",
    expected: "the endCursor of an earlier page",
    got: JSON.stringify(cursor).slice(0, 100),
    todo: "Begin again without a cursor.",
  });
}
