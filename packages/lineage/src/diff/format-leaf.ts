import { type Leaf, stringifyJson } from "@deepwright/core";

const longest = 60;

/** A leaf as people read it; false, 0 and "" are shown, an absent side says so. */
export function formatLeaf(leaf: Leaf | undefined): string {
  if (leaf === undefined) return "(absent)";
  if (typeof leaf === "number") return String(leaf);
  const text = typeof leaf === "string" && /^[^\s"]+$/.test(leaf) && !looksTyped(leaf) ? leaf : stringifyJson(leaf);
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}

/** Strings that would be mistaken for a number, a boolean or null without their quotes. */
const looksTyped = (text: string): boolean =>
  /^(true|false|null|NaN|[+-]?Infinity|[+-]?\d*\.?\d+(e[+-]?\d+)?)$/i.test(text);

/** True when both are the same number, one written as text: `1` and `"1.0"`. */
export function sameNumberOtherType(before: Leaf | undefined, after: Leaf | undefined): boolean {
  if (typeof before === typeof after) return false;
  const numberOf = (leaf: Leaf | undefined): number =>
    typeof leaf === "number" ? leaf : typeof leaf === "string" && leaf.trim() !== "" ? Number(leaf) : Number.NaN;
  return numberOf(before) === numberOf(after);
}
