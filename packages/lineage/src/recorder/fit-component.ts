import { type ComponentMap, type Leaf, sha256 } from "@deepwright/core";
import { limits } from "../ingest/limits.js";

const shownCharacters = 1_000;

/** Long text as its beginning, length and hash: still equal where it was equal, and small enough for every store. */
function shorten(text: string, maximum: number): string {
  if (text.length <= maximum) return text;
  return `${text.slice(0, shownCharacters)}... (${text.length} characters, SHA-256 ${sha256(text)})`;
}

/** Entries whose paths and leaves are within what a store takes; the same object when all are. */
export function fitComponent(entries: ComponentMap): ComponentMap {
  const isTooLong = ([path, leaf]: readonly [string, Leaf]): boolean =>
    path.length > limits.pathLength || (typeof leaf === "string" && leaf.length > limits.textLength);
  const all = Object.entries(entries);
  if (!all.some(isTooLong)) return entries;
  return Object.fromEntries(
    all.map(([path, leaf]) => [
      shorten(path, limits.pathLength),
      typeof leaf === "string" ? shorten(leaf, limits.textLength) : leaf,
    ]),
  );
}
