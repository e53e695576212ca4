import type { Leaf } from "@deepwright/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareTrees } from "./compare-trees.js";
import { bucketSize, decodeNode, type TreeNode } from "./node.js";
import type { NodeReader } from "./node-reader.js";
import { readComponent, readLeaf } from "./read-tree.js";
import { updateTree } from "./update-tree.js";

/** Keeps nodes in memory and counts what is read. */
function memory(): NodeReader & { save(nodes: ReadonlyMap<string, string>): void; reads: number; nodes: number } {
  const bodies = new Map<string, string>();
  return {
    reads: 0,
    nodes: 0,
    save: (nodes) => {
      for (const [hash, body] of nodes) bodies.set(hash, body);
    },
    async read(hashes) {
      this.reads += 1;
      const found = new Map<string, TreeNode>();
      for (const hash of hashes) {
        this.nodes += 1;
        const body = bodies.get(hash);
        if (body === undefined) throw new Error(`node ${hash} was never stored`);
        found.set(hash, decodeNode(body));
      }
      return found;
    },
  };
}
type Memory = ReturnType<typeof memory>;

async function change(
  store: Memory,
  root: string | null,
  set: Iterable<readonly [string, Leaf]>,
  remove: Iterable<string> = [],
) {
  const update = await updateTree(store, root, { set: new Map(set), remove: new Set(remove) });
  store.save(update.nodes);
  return update.root;
}

const leaf = fc.oneof(fc.string({ unit: "binary" }), fc.double(), fc.boolean(), fc.constant(null), fc.integer());
/** Few distinct paths, so that changes meet, and enough of them to make branches. */
const path = fc.integer({ min: 0, max: 120 }).map((number) => `files/dir ${number % 7}/ä\n${number}`);
const map = fc.array(fc.tuple(path, leaf), { maxLength: 150 }).map((entries) => new Map<string, Leaf>(entries));
const plain = (entries: ReadonlyMap<string, Leaf>) =>
  Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));

describe("component trees", () => {
  it("give back what was put in, -0 and NaN included", async () => {
    await fc.assert(
      fc.asyncProperty(map, async (entries) => {
        const store = memory();
        expect(await readComponent(store, await change(store, null, entries))).toStrictEqual(plain(entries));
      }),
    );
  });

  it("have one root for one map, whatever the way there", async () => {
    await fc.assert(
      fc.asyncProperty(map, map, fc.integer({ min: 1, max: 40 }), async (target, detour, step) => {
        const store = memory();
        const direct = await change(store, null, target);
        let root = await change(store, null, detour);
        const entries = [...target].reverse();
        for (let start = 0; start < entries.length; start += step) {
          root = await change(store, root, entries.slice(start, start + step));
        }
        root = await change(
          store,
          root,
          [],
          [...detour.keys()].filter((name) => !target.has(name)),
        );
        expect(root).toBe(direct);
      }),
    );
  });

  it("differ exactly where the maps differ", async () => {
    await fc.assert(
      fc.asyncProperty(map, map, async (before, after) => {
        const store = memory();
        const pair = {
          component: "source" as const,
          before: await change(store, null, before),
          after: await change(store, null, after),
        };
        const names = [...new Set([...before.keys(), ...after.keys()])].sort((a, b) => (a < b ? -1 : 1));
        const differs = (name: string) =>
          before.has(name) !== after.has(name) || !Object.is(before.get(name), after.get(name));
        const diff = await compareTrees(store, [pair]);
        expect(diff.differences).toStrictEqual(
          names.filter(differs).map((name) => ({
            component: "source",
            path: name,
            before: before.get(name),
            after: after.get(name),
          })),
        );
        expect(diff.equalCount).toBe(names.filter((name) => !differs(name)).length);
      }),
    );
  });

  it("find the leaf of one path in many trees", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(map, { minLength: 1, maxLength: 5 }), path, async (maps, name) => {
        const store = memory();
        const roots = await Promise.all(maps.map((entries) => change(store, null, entries)));
        const leaves = await readLeaf(store, [...new Set(roots.filter((root) => root !== null))], name);
        maps.forEach((entries, index) => {
          const root = roots[index];
          expect(root ? leaves.get(root) : undefined).toBe(entries.get(name));
        });
      }),
    );
  });

  it("read what differs and not what they hold", async () => {
    const store = memory();
    const entries = Array.from({ length: 20_000 }, (_, index) => [`files/${index}`, `blob ${index}`] as const);
    const before = await change(store, null, entries);
    const after = await change(store, before, [["files/7", "changed"]]);
    store.reads = 0;
    store.nodes = 0;
    const diff = await compareTrees(store, [{ component: "source", before, after }]);
    expect(diff.differences).toHaveLength(1);
    expect(diff.equalCount).toBe(19_999);
    expect(store.nodes).toBeLessThanOrEqual(10);
    expect(store.reads).toBeLessThanOrEqual(5);
  });

  it("shrink back into a bucket when leaves are removed", async () => {
    const store = memory();
    const entries = Array.from({ length: bucketSize + 1 }, (_, index) => [`p/${index}`, index] as const);
    const full = await change(store, null, entries);
    const few = await change(store, full, [], ["p/0"]);
    expect(few).toBe(await change(store, null, entries.slice(1)));
    expect(
      await change(
        store,
        few,
        [],
        entries.map(([name]) => name),
      ),
    ).toBeNull();
  });

  it("limit a listing to a subtree by whole segments", async () => {
    const store = memory();
    const root = await change(store, null, [
      ["a/b", 1],
      ["a/bc", 2],
      ["a/b/c", 3],
      ["a", 4],
    ]);
    expect(await readComponent(store, root, "a/b")).toStrictEqual({ "a/b": 1, "a/b/c": 3 });
  });
});
