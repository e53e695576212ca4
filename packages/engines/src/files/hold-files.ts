import { statSync } from "node:fs";
import { stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { DataSource } from "../engine.js";
import { fileChanged } from "../errors.js";
import { listFolder } from "./list-folder.js";
import { snapshotOf } from "./snapshot.js";

/** Files as they were at one time. */
export interface HeldFiles {
  /** @throws DeepwrightError `DATA_FILE_CHANGED` that names the first file that is another one now, is gone or has come */
  assertUnchanged(): Promise<void>;
}

/**
 * Notes the state of all files of some sources, so that a reader that reads them more than once can tell whether it read the
 * same each time. Files that this process does not see (`s3a://...`) and those that a query names are not noted; a writer that restores
 * a file's size and modification time goes unseen.
 */
export async function holdFiles(sources: readonly DataSource[]): Promise<HeldFiles> {
  const paths = sources.flatMap((source) => (source.kind === "file" ? [source.path] : []));
  const before = await statesOf(paths);
  return {
    async assertUnchanged() {
      const now = await statesOf(paths);
      for (const [path, state] of before) if (now.get(path) !== state) throw fileChanged(path);
      for (const path of now.keys()) if (!before.has(path)) throw fileChanged(path);
    },
  };
}

async function statesOf(paths: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const states = new Map<string, string>();
  for (const path of new Set(paths.flatMap(filesOf))) {
    const stats = await stat(path, { bigint: true }).catch(() => null);
    if (stats !== null) states.set(path, snapshotOf(stats));
  }
  return states;
}

/** The files of a path; of a pattern, all below the last folder before its first special character. */
function filesOf(path: string): readonly string[] {
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(path)) return [];
  const absolute = resolve(path);
  const stats = statSync(absolute, { throwIfNoEntry: false });
  if (stats?.isFile()) return [absolute];
  const special = absolute.search(/[*?[{]/);
  const folder = stats?.isDirectory() ? absolute : special < 0 ? null : dirname(`${absolute.slice(0, special)}x`);
  if (folder === null || !statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return [];
  return listFolder(folder).map((name) => join(folder, name));
}
