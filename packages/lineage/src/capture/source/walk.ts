import { type Dirent, existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

const skippedFolders = new Set(
  `.git .hg .svn .deepwright node_modules __pycache__ .venv venv .tox .nox .mypy_cache .pytest_cache
  .ruff_cache .ipynb_checkpoints .turbo .cache .idea .vscode`.split(/\s+/),
);

export interface WalkResult {
  /** Relative paths with `/`, sorted within a folder. */
  readonly files: readonly string[];
  /** False when the walk stopped at its limit. */
  readonly complete: boolean;
}

/** Files below a folder, without caches, environments and version control. Does not follow links. Stops at `maximum`. */
export function walkFiles(root: string, maximum: number): WalkResult {
  const files: string[] = [];
  const folders = [""];
  let seen = 0;
  while (folders.length > 0) {
    const folder = folders.pop() as string;
    let entries: Dirent[];
    try {
      entries = readdirSync(join(root, folder), { withFileTypes: true });
    } catch {
      continue;
    }
    entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const entry of entries) {
      if (++seen > maximum) return { files, complete: false };
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (entry.isFile()) files.push(path);
      else if (entry.isDirectory() && !skippedFolders.has(entry.name) && !existsSync(join(root, path, "pyvenv.cfg"))) {
        folders.push(path);
      }
    }
  }
  return { files, complete: true };
}
