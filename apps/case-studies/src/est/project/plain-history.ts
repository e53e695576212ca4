import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { structuredPatch } from "diff";
import type { ProjectHistory } from "./history.js";

/** What the project's `.gitignore` names. */
const ignored = new Set(["node_modules", "data", "work"]);

/**
 * The versions of the project where there is no git: a tree without commits. Runs of it are told apart by the content of
 * their files, which lineage then keeps in the store.
 */
export function plainHistory(root: string): ProjectHistory {
  let before: ReadonlyMap<string, string> = new Map();
  return {
    commit() {
      const after = readTree(root);
      const paths = new Set([...before.keys(), ...after.keys()]);
      const changed = [...paths].filter((path) => before.get(path) !== after.get(path));
      const hunks = changed.map(
        (path) =>
          structuredPatch(path, path, before.get(path) ?? "", after.get(path) ?? "", "", "", { context: 0 }).hunks,
      );
      before = after;
      return { hunks: hunks.flat().length, files: changed.length };
    },
  };
}

/** The text of every file by its path. */
function readTree(root: string, folder = ""): Map<string, string> {
  const entries = readdirSync(join(root, folder), { withFileTypes: true }).filter(({ name }) => !ignored.has(name));
  return new Map(
    entries.flatMap((entry): [string, string][] => {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      return entry.isDirectory() ? [...readTree(root, path)] : [[path, readFileSync(join(root, path), "utf8")]];
    }),
  );
}
