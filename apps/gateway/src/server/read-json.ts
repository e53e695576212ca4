import { DeepwrightError, parseJson } from "@deepwright/core";
import { invalidRequest } from "./errors.js";

/** In raw JSON a NUL can only stand as this escape; within GraphQL text the backslash is escaped once more. */
const nulEscape = /\\u(0000|\{0+\})/i;

function refuseNulByte(): never {
  throw new DeepwrightError({
    code: "TEXT_WITH_NUL",
    expected: "text without a NUL byte",
    got: "a request with one",
    todo: "Remove the NUL byte; binary content belongs into a file.",
  });
}

/** Refuses a request whose text holds a NUL byte, which the database can't hold. */
export function refuseNulEscapes(text: string): void {
  if (nulEscape.test(text) || text.includes("\0")) refuseNulByte();
}

/**
 * Reads the JSON of a request with NaN and infinities. Reviving costs several times the parsing, so it is done only for
 * text that holds the mark.
 *
 * @throws DeepwrightError `INVALID_REQUEST`
 */
export function readJson(text: string): unknown {
  try {
    return text.includes('"$number"') ? parseJson(text) : JSON.parse(text);
  } catch {
    throw invalidRequest("a JSON document", "text that is none");
  }
}
