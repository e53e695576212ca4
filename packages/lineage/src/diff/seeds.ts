import type { Leaf } from "@deepwright/core";

/** The last words of names that hold a seed: `seed`, `random_state`, `--data-seed`, `PYTHONHASHSEED`, `randomSeed`. */
const seedName = /(^|[^a-z])(hash)?seeds?$|(^|[^a-z])random[^a-z]?state$/;

/** Lower case with words told apart: `randomSeed` and `RANDOM-SEED` both become `random seed`. */
function words(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, " ")
    .trim();
}

const seedValue = (leaf: Leaf | undefined): boolean =>
  leaf === undefined ||
  leaf === null ||
  (typeof leaf === "number" && Number.isInteger(leaf)) ||
  (typeof leaf === "string" && /^(random|none|null|\d*)$/i.test(leaf));

/**
 * Whether a key holds a seed on both sides: its name ends in a word for one and its values are integers or nothing. An
 * index at the end (`seeds/0`) is passed over.
 */
export function isSeed(segments: readonly string[], before: Leaf | undefined, after: Leaf | undefined): boolean {
  const named = segments.filter((segment) => !/^\d+$/.test(segment)).at(-1) ?? "";
  const name = words(named);
  return (seedName.test(name) || name === "pythonhashseed") && seedValue(before) && seedValue(after);
}

/** An integer given to something whose name ends in a word for a seed, in most languages. */
const seedLiteral = /((?:seed|random_?state)\w*["'`]?\s*(?:[:=,(]\s*)+)\d+/gi;

/** Whether lines differ by nothing but integers given to seeds. */
export function onlySeedsDiffer(before: readonly string[], after: readonly string[]): boolean {
  if (before.length === 0 || before.length !== after.length) return false;
  const blank = (line: string): string => line.replace(seedLiteral, "$1#");
  return before.every((line, index) => blank(line) === blank(after[index] as string));
}
