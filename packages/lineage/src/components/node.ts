import { createHash } from "node:crypto";
import { DeepwrightError, type Leaf, stringifyJson } from "@deepwright/core";

/**
 * A component is kept as a Merkle radix tree over the hash of each path (R. Merkle, CRYPTO 1987; the shape of a hash
 * array mapped trie, P. Bagwell 2001). A subtree of at most {@link bucketSize} leaves is one bucket, sorted by path; a
 * larger one is a branch with one child for each hexadecimal digit at its depth. The shape follows from the set of
 * leaves alone, so the same map has the same root whatever the order of its insertions, and equal subtrees of
 * different runs are one row.
 */
export const bucketSize = 32;
const digits = "0123456789abcdef";
/** SHA-256 has 64 digits; paths that agree in all of them do not exist. */
const depthLimit = 64;

/** A leaf with the digits that place it. */
export interface Entry {
  readonly key: string;
  readonly path: string;
  readonly value: Leaf;
}

/** A subtree by its hash, with the number of leaves below. */
export interface Child {
  readonly hash: string;
  readonly count: number;
}

export type TreeNode =
  | { readonly kind: "bucket"; readonly entries: readonly Entry[] }
  | { readonly kind: "branch"; readonly children: readonly (Child | null)[] };

/** The digits that place a path in the tree. UTF-16, so that any JavaScript string has its own. */
export function pathKey(path: string): string {
  return createHash("sha256").update(path, "utf16le").digest("hex");
}

function makeEntry(path: string, value: Leaf): Entry {
  return { key: pathKey(path), path, value };
}

/** The child of a branch at `depth` under which a key belongs, 0 .. 15. */
export function childIndex(key: string, depth: number): number {
  return digits.indexOf(key.charAt(depth));
}

/** Splits entries into the 16 children of a branch at `depth`. */
export function splitEntries(entries: Iterable<Entry>, depth: number): Entry[][] {
  if (depth >= depthLimit) throw corrupt("a tree of at most 64 levels", "a deeper one");
  const parts: Entry[][] = Array.from({ length: 16 }, () => []);
  for (const entry of entries) parts[childIndex(entry.key, depth)]?.push(entry);
  return parts;
}

export function nodeCount(node: TreeNode): number {
  if (node.kind === "bucket") return node.entries.length;
  return node.children.reduce((sum, child) => sum + (child?.count ?? 0), 0);
}

/** The stored text of a node: a list of alternating paths and leaves, or of 16 children as `[hash, count]` or 0. */
export function encodeNode(node: TreeNode): string {
  if (node.kind === "branch") {
    return JSON.stringify(["branch", ...node.children.map((child) => (child ? [child.hash, child.count] : 0))]);
  }
  const sorted = [...node.entries].sort((a, b) => (a.path < b.path ? -1 : 1));
  return stringifyJson(["bucket", ...sorted.flatMap((entry) => [entry.path, entry.value])]);
}

export function hashNode(body: string): string {
  return createHash("sha256").update(body).digest("hex");
}

/** Reads what {@link encodeNode} wrote. */
export function decodeNode(body: string): TreeNode {
  const [kind, ...rest] = JSON.parse(body) as [string, ...unknown[]];
  if (kind === "branch") {
    const children = (rest as ([string, number] | 0)[]).map((child) =>
      child === 0 ? null : { hash: child[0], count: child[1] },
    );
    return { kind, children };
  }
  if (kind !== "bucket") throw corrupt("a tree node of kind branch or bucket", JSON.stringify(kind));
  const entries: Entry[] = [];
  for (let index = 0; index < rest.length; index += 2) {
    entries.push(makeEntry(rest[index] as string, decodeLeaf(rest[index + 1])));
  }
  return { kind, entries };
}

function decodeLeaf(value: unknown): Leaf {
  if (typeof value === "object" && value !== null) return Number((value as { $number: string }).$number);
  return value as Leaf;
}

function corrupt(expected: string, got: string): DeepwrightError {
  return new DeepwrightError({
    code: "COMPONENT_TREE_CORRUPT",
    kind: "internal",
    expected,
    got,
    todo: "Restore the database from a backup; its component trees were changed from outside.",
  });
}
