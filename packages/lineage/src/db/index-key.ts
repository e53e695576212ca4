import { type Leaf, sha256 } from "@deepwright/core";

const longest = 300;

/** Text for an indexed column: long text is cut and gets its hash, since an index row holds at most 2,700 bytes. */
export function indexKey(text: string): string {
  return text.length <= longest ? text : `${text.slice(0, 200)}…${sha256(text)}`;
}

/**
 * The name by which people look for a configuration leaf: its path without where it came from, joined by dots.
 * `files/config.yaml/model/rate` and `api/model/rate` are `model.rate`; `arguments/--rate` is `rate`.
 */
export function configurationName(path: string): string {
  const segments = path.split("/");
  const rest =
    segments[0] === "files" && segments.length > 2
      ? segments.slice(2)
      : (segments[0] === "api" || segments[0] === "arguments") && segments.length > 1
        ? segments.slice(1)
        : segments;
  return rest.join(".").replace(/^-+/, "");
}

/** A leaf as the text that filters compare. */
export function leafText(leaf: Leaf): string {
  return String(leaf);
}

/** A leaf as a number, where it is one or reads as one: `0.1`, `"0.1"`, `"1e-3"`; else `null`. */
export function leafNumber(leaf: Leaf): number | null {
  if (typeof leaf === "number") return leaf;
  if (typeof leaf !== "string" || !/^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(leaf)) return null;
  return Number(leaf);
}
