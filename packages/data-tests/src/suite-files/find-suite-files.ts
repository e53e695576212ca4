import { readdir, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { suiteEndings, suiteFileMissing } from "./read-suite-file.js";

/**
 * Suite files among paths: a file stands for itself, a folder for all suite files below it, without hidden folders and
 * `node_modules`.
 *
 * @param paths relative to `workingDirectory`; none: that folder
 * @returns absolute paths in order, each once
 * @throws DeepwrightError `SUITE_FILE_MISSING` where a path does not exist or holds no suite file
 */
export async function findSuiteFiles(paths: readonly string[], workingDirectory: string): Promise<readonly string[]> {
  const found = new Set<string>();
  for (const path of paths.length === 0 ? ["."] : paths) {
    const absolute = resolve(workingDirectory, path);
    const state = await stat(absolute).catch((cause: unknown) => {
      throw suiteFileMissing(path, cause);
    });
    const files = state.isDirectory() ? await filesBelow(absolute) : [absolute];
    if (files.length === 0) throw suiteFileMissing(path);
    for (const file of files) found.add(file);
  }
  return [...found];
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const files: string[] = [];
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name.startsWith(".") || entry.name === "node_modules") continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) files.push(...(await filesBelow(path)));
    else if (suiteEndings.some((ending) => entry.name.endsWith(ending))) files.push(path);
  }
  return files;
}
