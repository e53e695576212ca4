import { readdir, realpath, stat } from "node:fs/promises";
import { join, sep } from "node:path";
import { DeepwrightError } from "@deepwright/core";
import { extensionOf, formatsByExtension } from "./headers/read-header.js";

/** What the levels of folders mean, from the top: `photos/train/cats/1.jpg` with `split, label`. */
export type FolderLevel = "split" | "label";

export interface ListedFile {
  /** Relative to the folder, with `/`. */
  readonly path: string;
  /** Absolute; `null` where it is not read. */
  readonly location: string | null;
  readonly split: string | null;
  readonly label: string | null;
  /** Ends as names of images do. */
  readonly isNamedImage: boolean;
  /** A link to a folder that holds it, a link that leads out; else `null`. */
  readonly problem: string | null;
}

/**
 * All files below a folder, in order, without hidden ones. Links are followed within the folder; those that lead out of it or in a
 * circle are told, not followed.
 *
 * @throws DeepwrightError `DATA_FILE_MISSING` where the folder can't be read
 */
export async function listImages(folder: string, levels: readonly FolderLevel[]): Promise<readonly ListedFile[]> {
  const root = await realpath(folder).catch((cause: unknown) => {
    throw folderMissing(folder, cause);
  });
  const files: ListedFile[] = [];
  const add = (path: string, location: string | null, problem: string | null): void => {
    const folders = path.split("/").slice(0, -1);
    const at = (level: FolderLevel): string | null => folders[levels.indexOf(level)] ?? null;
    const isNamedImage = Object.hasOwn(formatsByExtension, extensionOf(path));
    const named = (level: FolderLevel): string | null => (levels.includes(level) ? at(level) : null);
    files.push({ path, location, split: named("split"), label: named("label"), isNamedImage, problem });
  };
  const walk = async (below: string, above: ReadonlySet<string>): Promise<void> => {
    const entries = await readdir(join(root, below), { withFileTypes: true }).catch((cause: unknown) => {
      if (below === "") throw folderMissing(folder, cause);
      add(below, null, "a folder that can't be read");
      return [];
    });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (entry.name.startsWith(".")) continue;
      const path = below === "" ? entry.name : `${below}/${entry.name}`;
      const location = join(root, path);
      if (!entry.isSymbolicLink()) {
        if (entry.isDirectory()) await walk(path, new Set([...above, location]));
        else if (entry.isFile()) add(path, location, null);
        else add(path, null, "neither a file nor a folder");
        continue;
      }
      const real = await realpath(location).catch(() => null);
      if (real === null) add(path, null, "a link that leads nowhere");
      else if (real !== root && !real.startsWith(root + sep)) add(path, null, "a link that leads out of the folder");
      else if ((await stat(real)).isFile()) add(path, real, null);
      else if (above.has(real)) add(path, null, "a link to a folder that it lies in");
      else await walk(path, new Set([...above, real]));
    }
  };
  await walk("", new Set([root]));
  return files;
}

function folderMissing(folder: string, cause: unknown): DeepwrightError {
  return new DeepwrightError({
    code: "DATA_FILE_MISSING",
    kind: "not-found",
    expected: `a folder ${JSON.stringify(folder)} that can be read`,
    got: cause instanceof Error ? cause.message : String(cause),
    todo: "Check the path and its permissions.",
    details: { file: folder },
    cause,
  });
}
