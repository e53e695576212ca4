import type { Leaf } from "@deepwright/core";
import { splitPath } from "@deepwright/core";
import type { Difference, LeafDifference } from "../contract/index.js";
import { formatLeaf } from "./format-leaf.js";

/** Fills in what most differences have in common. */
export function makeDifference(
  fields: Pick<Difference, "id" | "kind" | "component" | "path" | "title" | "before" | "after"> & Partial<Difference>,
): Difference {
  return { consequence: false, seed: false, ...fields };
}

export const changeText = (before: Leaf | undefined, after: Leaf | undefined): string =>
  `${formatLeaf(before)} -> ${formatLeaf(after)}`;

/** The path without its first segment, unescaped: `files/a~1b.py` gives `a/b.py`. */
export const fileOf = (path: string): string => splitPath(path).slice(1).join("/");

/** Leaf differences by the first two segments of their path. */
export function groupBySubject(leaves: readonly LeafDifference[]): Map<string, LeafDifference[]> {
  const groups = new Map<string, LeafDifference[]>();
  for (const leaf of leaves) {
    const subject = leaf.path.split("/").slice(0, 2).join("/");
    const group = groups.get(subject);
    if (group) group.push(leaf);
    else groups.set(subject, [leaf]);
  }
  return groups;
}
