import type { ComponentName, Leaf } from "@deepwright/core";
import type { ComponentDiff, LeafDifference } from "../contract/index.js";
import { type Child, type Entry, nodeCount, splitEntries, type TreeNode } from "./node.js";
import type { NodeReader } from "./node-reader.js";

/** The roots of one component in both runs. */
export interface RootPair {
  readonly component: ComponentName;
  readonly before: string | null;
  readonly after: string | null;
}

/** A subtree that is not read yet, one that is, the leaves that fell into it from a bucket above, or nothing. */
type Side = string | TreeNode | readonly Entry[] | null;

interface Pair {
  readonly component: ComponentName;
  readonly depth: number;
  readonly before: Side;
  readonly after: Side;
}

/**
 * What differs between trees. Walks both sides of all components together, level by level, and reads only nodes whose
 * hashes differ: the cost follows the differences, and each level is one read. Equal subtrees add their count.
 */
export async function compareTrees(reader: NodeReader, roots: readonly RootPair[]): Promise<ComponentDiff> {
  const differences: LeafDifference[] = [];
  let equalCount = 0;
  let level: Pair[] = roots
    .filter((pair) => pair.before !== pair.after)
    .map(({ component, before, after }) => ({ component, before, after, depth: 0 }));
  const equalRoots = roots.flatMap((pair) => (pair.before !== null && pair.before === pair.after ? [pair.before] : []));
  const firstRead = await reader.read([...equalRoots, ...hashesOf(level)]);
  for (const hash of equalRoots) equalCount += nodeCount(firstRead.get(hash) as TreeNode);
  let nodes = firstRead;
  while (level.length > 0) {
    const next: Pair[] = [];
    for (const pair of level) {
      const before = resolve(pair.before, nodes);
      const after = resolve(pair.after, nodes);
      if (isLeaves(before) && isLeaves(after)) {
        equalCount += compareLeaves(pair.component, before, after, differences);
      } else {
        equalCount += descend(pair, childrenOf(before, pair.depth), childrenOf(after, pair.depth), next);
      }
    }
    level = next;
    const hashes = hashesOf(level);
    nodes = hashes.length === 0 ? new Map() : await reader.read(hashes);
  }
  differences.sort((a, b) => compareText(a.component, b.component) || compareText(a.path, b.path));
  return { differences, equalCount };
}

function hashesOf(level: readonly Pair[]): string[] {
  return level.flatMap((pair) => [pair.before, pair.after].filter((side) => typeof side === "string"));
}

type Resolved = Exclude<Side, string | null> | readonly Entry[];

function resolve(side: Side, nodes: ReadonlyMap<string, TreeNode>): Resolved {
  if (side === null) return [];
  const node = typeof side === "string" ? (nodes.get(side) as TreeNode) : side;
  return "kind" in node && node.kind === "bucket" ? node.entries : node;
}

function isLeaves(side: Resolved): side is readonly Entry[] {
  return Array.isArray(side);
}

/** The 16 children of a branch, or of the branch that a bucket would be if it were larger. */
function childrenOf(side: Resolved, depth: number): readonly (Child | readonly Entry[] | null)[] {
  if (isLeaves(side)) return splitEntries(side, depth).map((part) => (part.length === 0 ? null : part));
  return side.kind === "branch" ? side.children : [];
}

/** Queues the children that differ; gives the number of leaves below those that are equal. */
function descend(
  pair: Pair,
  before: readonly (Child | readonly Entry[] | null)[],
  after: readonly (Child | readonly Entry[] | null)[],
  next: Pair[],
): number {
  let equalCount = 0;
  for (let index = 0; index < 16; index++) {
    const left = before[index] ?? null;
    const right = after[index] ?? null;
    if (left === null && right === null) continue;
    if (left && right && "hash" in left && "hash" in right && left.hash === right.hash) {
      equalCount += left.count;
    } else {
      next.push({ component: pair.component, depth: pair.depth + 1, before: sideOf(left), after: sideOf(right) });
    }
  }
  return equalCount;
}

function sideOf(child: Child | readonly Entry[] | null): Side {
  return child !== null && "hash" in child ? child.hash : child;
}

/** Compares two small sets of leaves; gives the number of equal ones. */
function compareLeaves(
  component: ComponentName,
  before: readonly Entry[],
  after: readonly Entry[],
  differences: LeafDifference[],
): number {
  let equalCount = 0;
  const left = new Map<string, Leaf>(before.map((entry) => [entry.path, entry.value]));
  for (const { path, value } of after) {
    if (left.has(path) && Object.is(left.get(path), value)) equalCount += 1;
    else differences.push({ component, path, before: left.get(path), after: value });
    left.delete(path);
  }
  for (const [path, value] of left) differences.push({ component, path, before: value, after: undefined });
  return equalCount;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
