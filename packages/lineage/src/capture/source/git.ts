import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { runProgram } from "../run-program.js";

/** What git says about a working tree. */
export interface GitState {
  /** `null` before the first commit. */
  readonly commit: string | null;
  /** `null` on a detached head. */
  readonly branch: string | null;
  /** Tracked files and the blob id of their staged content. */
  readonly files: ReadonlyMap<string, string>;
  /** Tracked files whose content differs from the staged one, and untracked ones that are not ignored. */
  readonly changed: readonly string[];
  /** Tracked files that are gone from the working tree. */
  readonly deleted: readonly string[];
}

/** The folder with `.git` in it, from `start` upwards; found without running git. */
export function findGitRoot(start: string): string | null {
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, ".git"))) return folder;
    if (dirname(folder) === folder) return null;
  }
}

/**
 * Reads the state of a working tree with three git commands side by side, without touching its index. Blob ids come from the index, so that a
 * repository of 100,000 files costs no more than listing it.
 *
 * @returns `null` when git is missing or refuses (not a repository, another owner)
 */
export async function readGitState(root: string): Promise<GitState | null> {
  const env = { ...process.env, GIT_OPTIONAL_LOCKS: "0", LC_ALL: "C" };
  const git = (...words: string[]): Promise<Buffer | null> =>
    runProgram("git", ["-C", root, "-c", "core.quotepath=off", ...words], { timeoutMs: 120_000, env });
  const [head, branch, listing, status] = await Promise.all([
    git("rev-parse", "--verify", "--quiet", "HEAD"),
    git("symbolic-ref", "--quiet", "--short", "HEAD"),
    git("ls-files", "-s", "-z"),
    git("status", "--porcelain=v1", "-z", "--untracked-files=all", "--no-renames"),
  ]);
  if (listing === null || status === null) return null;
  return {
    commit: head?.toString("utf8").trim() || null,
    branch: branch?.toString("utf8").trim() || null,
    files: parseListing(listing.toString("utf8")),
    ...parseStatus(status.toString("utf8")),
  };
}

/** Reads `git ls-files -s -z`: mode, blob id, stage, TAB, path. Submodules (mode 160000) carry their commit. */
export function parseListing(text: string): Map<string, string> {
  const files = new Map<string, string>();
  for (const record of text.split("\0")) {
    const tab = record.indexOf("\t");
    if (tab < 0) continue;
    files.set(record.slice(tab + 1), record.slice(7, record.indexOf(" ", 7)));
  }
  return files;
}

/** Reads `git status --porcelain=v1 -z --no-renames`: two letters, a blank, the path. */
export function parseStatus(text: string): { readonly changed: string[]; readonly deleted: string[] } {
  const changed: string[] = [];
  const deleted: string[] = [];
  for (const record of text.split("\0")) {
    if (record.length < 4) continue;
    const path = record.slice(3);
    const worktree = record[1];
    if (worktree === "D" || record.startsWith("D ")) deleted.push(path);
    else changed.push(path);
  }
  return { changed, deleted };
}
