import { type Leaf, splitPath } from "@deepwright/core";
import type { Difference, LeafDifference } from "../contract/index.js";
import { changeText, makeDifference } from "./difference.js";
import { formatLeaf, sameNumberOtherType } from "./format-leaf.js";
import { isSeed } from "./seeds.js";

/** Values that many keys share: equal ones say nothing about a move. */
const common = new Set<Leaf>([true, false, null, 0, 1, "", "{}", "[]"]);

/** The differences of the configuration component, with moved keys paired. */
export function configurationDifferences(leaves: readonly LeafDifference[]): Difference[] {
  const moves = findMoves(leaves);
  const origins = new Set([...moves.values()]);
  return leaves
    .filter((leaf) => !origins.has(leaf))
    .map((leaf) => {
      const origin = moves.get(leaf);
      const segments = splitPath(leaf.path);
      const isArgument = segments[0] === "arguments";
      const before = origin ? origin.before : leaf.before;
      const difference = makeDifference({
        id: `${isArgument ? "argument" : "configuration"}:${leaf.path}`,
        kind: isArgument ? "argument" : "configuration",
        component: "configuration",
        path: leaf.path,
        title: title(leaf, origin),
        before,
        after: leaf.after,
        seed: isSeed(segments, before, leaf.after),
      });
      return origin ? { ...difference, renamedFrom: origin.path } : difference;
    });
}

/** `shuffle: false -> true (config.yaml)`, `--epochs: 10 -> 20`. */
function title(leaf: LeafDifference, origin: LeafDifference | undefined): string {
  const { name, place } = describeKey(leaf.path);
  const from = origin ? describeKey(origin.path) : undefined;
  if (from) {
    const elsewhere = from.place === place ? "" : from.place;
    return `${from.name}${elsewhere} is now ${name}${place}, its value is the same: ${formatLeaf(leaf.after)}`;
  }
  const note = sameNumberOtherType(leaf.before, leaf.after) ? ", the same number as another type" : "";
  return `${name}: ${changeText(leaf.before, leaf.after)}${note}${place}`;
}

function describeKey(path: string): { name: string; place: string } {
  const [section, ...segments] = splitPath(path);
  if (section === "files") return { name: segments.slice(1).join("."), place: ` (${segments[0]})` };
  if (section === "arguments") {
    return { name: /^\d+$/.test(segments[0] ?? "") ? `argument ${segments.join(".")}` : segments.join("."), place: "" };
  }
  return { name: segments.join("."), place: "" };
}

/**
 * A new key and a gone one with the same value are one that moved, when they share the last segment, or the parent and
 * a value that is not found everywhere; only pairs that are the only choice for both.
 */
function findMoves(leaves: readonly LeafDifference[]): Map<LeafDifference, LeafDifference> {
  const gone = leaves.filter((leaf) => leaf.after === undefined);
  const fresh = leaves.filter((leaf) => leaf.before === undefined);
  const choices = new Map<LeafDifference, LeafDifference[]>();
  const byValue = new Map<Leaf | undefined, LeafDifference[]>();
  for (const leaf of gone) byValue.set(leaf.before, [...(byValue.get(leaf.before) ?? []), leaf]);
  const claims = new Map<LeafDifference, number>();
  for (const leaf of fresh) {
    const fitting = (byValue.get(leaf.after) ?? []).filter((origin) => couldMove(origin, leaf));
    choices.set(leaf, fitting);
    for (const origin of fitting) claims.set(origin, (claims.get(origin) ?? 0) + 1);
  }
  const moves = new Map<LeafDifference, LeafDifference>();
  for (const [leaf, fitting] of choices) {
    const [origin] = fitting;
    if (origin && fitting.length === 1 && claims.get(origin) === 1) moves.set(leaf, origin);
  }
  return moves;
}

function couldMove(origin: LeafDifference, leaf: LeafDifference): boolean {
  const from = splitPath(origin.path);
  const to = splitPath(leaf.path);
  if ((from[0] === "arguments") !== (to[0] === "arguments")) return false;
  if (from.at(-1) === to.at(-1)) return true;
  return !common.has(leaf.after ?? null) && from.slice(0, -1).join("/") === to.slice(0, -1).join("/");
}
