import type { Leaf } from "@deepwright/core";
import {
  bucketSize,
  type Child,
  childIndex,
  type Entry,
  encodeNode,
  hashNode,
  nodeCount,
  pathKey,
  splitEntries,
  type TreeNode,
} from "./node.js";
import type { NodeReader } from "./node-reader.js";

/** What to set and what to remove; a path that is both is removed and then set. */
export interface TreeChange {
  readonly set: ReadonlyMap<string, Leaf>;
  readonly remove: ReadonlySet<string>;
}

export interface TreeUpdate {
  /** `null`: no leaf is left. */
  readonly root: string | null;
  /** The nodes that the new tree has and the old one need not have, hash -> stored text. */
  readonly nodes: ReadonlyMap<string, string>;
}

interface KeyedChange {
  readonly key: string;
  readonly path: string;
  /** `undefined`: remove. */
  readonly value: Leaf | undefined;
}

/** Applies a change to the tree with the given root. Reads the changed branches only, a level at a time. */
export async function updateTree(reader: NodeReader, root: string | null, change: TreeChange): Promise<TreeUpdate> {
  const changes: KeyedChange[] = [];
  for (const path of change.remove) {
    if (!change.set.has(path)) changes.push({ key: pathKey(path), path, value: undefined });
  }
  for (const [path, value] of change.set) changes.push({ key: pathKey(path), path, value });
  const nodes = new Map<string, string>();
  if (changes.length === 0) return { root, nodes };
  const loaded = root === null ? new Map<string, TreeNode>() : await loadTouched(reader, root, changes);
  const child = seal(rebuild(root, changes, 0, loaded), nodes);
  return { root: child?.hash ?? null, nodes };
}

/** Reads the nodes on the way to each change, and the siblings that a shrinking branch would swallow. */
async function loadTouched(
  reader: NodeReader,
  root: string,
  changes: readonly KeyedChange[],
): Promise<Map<string, TreeNode>> {
  const loaded = new Map<string, TreeNode>();
  let level: { hash: string; changes: readonly KeyedChange[]; whole: boolean }[] = [
    { hash: root, changes, whole: false },
  ];
  for (let depth = 0; level.length > 0; depth++) {
    for (const [hash, node] of await reader.read(level.map((item) => item.hash))) loaded.set(hash, node);
    const next: typeof level = [];
    for (const item of level) {
      const node = loaded.get(item.hash);
      if (node?.kind !== "branch") continue;
      const removals = item.changes.filter((entry) => entry.value === undefined).length;
      const whole = item.whole || nodeCount(node) - removals <= bucketSize;
      const parts = splitChanges(item.changes, depth);
      node.children.forEach((child, index) => {
        const part = parts[index] ?? [];
        if (child && (part.length > 0 || whole)) next.push({ hash: child.hash, changes: part, whole });
      });
    }
    level = next;
  }
  return loaded;
}

function splitChanges(changes: readonly KeyedChange[], depth: number): KeyedChange[][] {
  const parts: KeyedChange[][] = Array.from({ length: 16 }, () => []);
  for (const change of changes) parts[childIndex(change.key, depth)]?.push(change);
  return parts;
}

/** A subtree on the way to its new form: untouched and stored, or not yet hashed. */
type Draft = Child | { readonly entries: readonly Entry[] } | { readonly branch: readonly (Draft | null)[] };

function draftCount(draft: Draft | null): number {
  if (draft === null) return 0;
  if ("hash" in draft) return draft.count;
  if ("entries" in draft) return draft.entries.length;
  return draft.branch.reduce((sum, child) => sum + draftCount(child), 0);
}

function rebuild(
  hash: string | null,
  changes: readonly KeyedChange[],
  depth: number,
  loaded: ReadonlyMap<string, TreeNode>,
): Draft | null {
  const node = hash === null ? undefined : loaded.get(hash);
  if (node?.kind !== "branch") {
    const merged = new Map<string, Entry>((node?.entries ?? []).map((entry) => [entry.path, entry]));
    for (const { key, path, value } of changes) {
      if (value === undefined) merged.delete(path);
      else merged.set(path, { key, path, value });
    }
    return draftOf([...merged.values()], depth);
  }
  const parts = splitChanges(changes, depth);
  const branch = node.children.map((child, index) => {
    const part = parts[index] ?? [];
    return part.length === 0 ? child : rebuild(child?.hash ?? null, part, depth + 1, loaded);
  });
  const draft = { branch };
  if (draftCount(draft) > bucketSize) return draft;
  const entries = entriesOf(draft, loaded);
  return entries.length === 0 ? null : { entries };
}

function draftOf(entries: readonly Entry[], depth: number): Draft | null {
  if (entries.length === 0) return null;
  if (entries.length <= bucketSize) return { entries };
  return { branch: splitEntries(entries, depth).map((part) => draftOf(part, depth + 1)) };
}

/** All leaves of a small subtree, which {@link loadTouched} has read. */
function entriesOf(draft: Draft | null, loaded: ReadonlyMap<string, TreeNode>): readonly Entry[] {
  if (draft === null) return [];
  if ("entries" in draft) return draft.entries;
  if ("branch" in draft) return draft.branch.flatMap((child) => entriesOf(child, loaded));
  const node = loaded.get(draft.hash);
  if (node?.kind === "bucket") return node.entries;
  return (node?.children ?? []).flatMap((child) => entriesOf(child, loaded));
}

/** Hashes the new nodes from the leaves up. */
function seal(draft: Draft | null, out: Map<string, string>): Child | null {
  if (draft === null || "hash" in draft) return draft;
  const node: TreeNode =
    "entries" in draft
      ? { kind: "bucket", entries: draft.entries }
      : { kind: "branch", children: draft.branch.map((child) => seal(child, out)) };
  const body = encodeNode(node);
  const hash = hashNode(body);
  out.set(hash, body);
  return { hash, count: draftCount(draft) };
}
