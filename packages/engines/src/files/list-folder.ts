import { readdirSync } from "node:fs";
import { join } from "node:path";

/**
 * All files below a folder in the order of their relative paths (by UTF-16 code units), with `/` between segments on
 * every platform. Hidden files and folders, and those that begin with `_` such as `_SUCCESS`, are left out; symbolic
 * links are not followed into folders.
 */
export function listFolder(folder: string): string[] {
  const files: string[] = [];
  const pending = [""];
  for (let below = pending.pop(); below !== undefined; below = pending.pop()) {
    for (const entry of readdirSync(join(folder, below), { withFileTypes: true })) {
      if (entry.name.startsWith(".") || entry.name.startsWith("_")) continue;
      const path = below === "" ? entry.name : `${below}/${entry.name}`;
      if (entry.isDirectory()) pending.push(path);
      else if (entry.isFile() || entry.isSymbolicLink()) files.push(path);
    }
  }
  return files.sort();
}
