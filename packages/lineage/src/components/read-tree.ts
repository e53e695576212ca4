import type { ComponentMap, Leaf } from "@deepwright/core";
import { childIndex, type Entry, pathKey } from "./node.js";
import type { NodeReader } from "./node-reader.js";

/** All leaves of a tree, a level at a time; in no order. */
async function readEntries(reader: NodeReader, root: string | null): Promise<Entry[]> {
  const entries: Entry[] = [];
  let level = root === null ? [] : [root];
  while (level.length > 0) {
    const nodes = await reader.read(level);
    const next: string[] = [];
    // By hash in the level and not by node: equal subtrees can't occur twice, since keys differ.
    for (const hash of level) {
      const node = nodes.get(hash);
      if (node?.kind === "bucket") entries.push(...node.entries);
      for (const child of node?.kind === "branch" ? node.children : []) if (child) next.push(child.hash);
    }
    level = next;
  }
  return entries;
}

/**
 * The leaves as a map sorted by path. With `prefix` only the path itself and the paths below it (`files/src` gives
 * `files/src` and `files/src/a.py`, not `files/src2`).
 */
export async function readComponent(reader: NodeReader, root: string | null, prefix = ""): Promise<ComponentMap> {
  const below = prefix.endsWith("/") ? prefix : `${prefix}/`;
  const entries = (await readEntries(reader, root)).filter(
    ({ path }) => prefix === "" || path === prefix || path.startsWith(below),
  );
  entries.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  return Object.fromEntries(entries.map(({ path, value }) => [path, value]));
}

/** The leaf at one path in each of several trees, a level of all trees at a time; trees without it are left out. */
export async function readLeaf(reader: NodeReader, roots: readonly string[], path: string): Promise<Map<string, Leaf>> {
  const key = pathKey(path);
  const leaves = new Map<string, Leaf>();
  let level = roots.map((root) => ({ root, hash: root }));
  for (let depth = 0; level.length > 0; depth++) {
    const nodes = await reader.read(level.map((item) => item.hash));
    const next: typeof level = [];
    for (const { root, hash } of level) {
      const node = nodes.get(hash);
      if (node?.kind === "branch") {
        const child = node.children[childIndex(key, depth)];
        if (child) next.push({ root, hash: child.hash });
      } else {
        const entry = node?.entries.find((candidate) => candidate.path === path);
        if (entry) leaves.set(root, entry.value);
      }
    }
    level = next;
  }
  return leaves;
}
