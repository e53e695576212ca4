import { DeepwrightError } from "@deepwright/core";
import type { SqlExecutor } from "@deepwright/store";
import { decodeNode, type TreeNode } from "./node.js";

/** Gives tree nodes by hash. Nodes never change, so a reader may keep them. */
export interface NodeReader {
  /** All named nodes. @throws DeepwrightError `COMPONENT_TREE_CORRUPT` when one is missing */
  read(hashes: readonly string[]): Promise<ReadonlyMap<string, TreeNode>>;
}

/** Nodes per statement: keeps parameters and results to a few megabytes. */
const pageSize = 4096;

/** Reads nodes from SQL, all of one level at once. */
export function sqlNodeReader(executor: Pick<SqlExecutor, "query">): NodeReader {
  return {
    async read(hashes) {
      const found = new Map<string, TreeNode>();
      const wanted = [...new Set(hashes)];
      for (let start = 0; start < wanted.length; start += pageSize) {
        const page = wanted.slice(start, start + pageSize);
        const rows = await executor.query<{ hash: string; body: string }>(
          "select hash, body from lineage_tree_node where hash = any($1::text[])",
          [page],
        );
        for (const row of rows) found.set(row.hash, decodeNode(row.body));
      }
      requireAll(wanted, found);
      return found;
    },
  };
}

function requireAll(wanted: readonly string[], found: ReadonlyMap<string, TreeNode>): void {
  const missing = wanted.find((hash) => !found.has(hash));
  if (missing === undefined) return;
  throw new DeepwrightError({
    code: "COMPONENT_TREE_CORRUPT",
    kind: "internal",
    expected: `the tree node ${missing}`,
    got: "no row",
    todo: "Restore the database from a backup; a part of a component is missing.",
  });
}
