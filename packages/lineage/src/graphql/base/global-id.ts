import { DeepwrightError, isId } from "@deepwright/core";

/** A decoded global id: the GraphQL type's name and the entity's UUID. */
export interface GlobalId {
  readonly type: string;
  readonly id: string;
}

/**
 * The Relay global id of an entity: base64 of `Type:uuid`.
 *
 * @example
 * ```ts
 * console.log(toGlobalId("Run", "0197c0de-0000-7000-8000-000000000000").slice(0, 8)); // UnVuOjAx
 * ```
 */
export function toGlobalId(type: string, id: string): string {
  return btoa(`${type}:${id}`);
}

function invalidId(expected: string, got: unknown): DeepwrightError {
  return new DeepwrightError({
    code: "INVALID_ID",
    expected,
    got: JSON.stringify(got).slice(0, 120),
    todo: "Use an id that a query of this API returned.",
  });
}

/**
 * Reads a global id.
 *
 * @throws DeepwrightError `INVALID_ID` when it was not made by {@link toGlobalId}
 */
export function fromGlobalId(globalId: string): GlobalId {
  const text = /^[A-Za-z0-9+/]+={0,2}$/.test(globalId) ? Buffer.from(globalId, "base64").toString("latin1") : "";
  const colon = text.indexOf(":");
  const id = text.slice(colon + 1);
  if (colon < 1 || !isId(id)) throw invalidId("a global id", globalId);
  return { type: text.slice(0, colon), id };
}

/**
 * The UUID within a global id of one of `types`. A bare UUID, as the command line prints it, is taken too.
 *
 * @throws DeepwrightError `INVALID_ID` for text that is neither, and for the id of another type
 */
export function entityId(globalId: string, ...types: readonly string[]): string {
  if (isId(globalId)) return globalId;
  const decoded = fromGlobalId(globalId);
  if (types.length === 0 || types.includes(decoded.type)) return decoded.id;
  throw invalidId(`the global id of a ${types.join(" or ")}`, `${decoded.type}:${decoded.id}`);
}
