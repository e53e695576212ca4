import { constants, type Dirent } from "node:fs";
import { copyFile, lstat, mkdir, readdir, rm, stat, symlink, writeFile } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { DeepwrightError } from "@deepwright/core";
import { restoreObject } from "../capture/data/kept-objects.js";
import { runProgram } from "../capture/run-program.js";
import type { ContentSource } from "../diff/index.js";

/** What a throw-away copy of a run's source is made from. Paths are relative to the root, with `/`. */
export interface WorkspaceSource {
  /** Source root of the run, where files that are no source still lie. */
  readonly root: string;
  /** Commit of the run; `null` without git. */
  readonly commit: string | null;
  /** Git blob id of each source file as the run saw it: committed, dirty and untracked. */
  readonly files: ReadonlyMap<string, string>;
  /** SHA-256 of the kept copy of each input below the root; `null` when none is kept. */
  readonly inputs: ReadonlyMap<string, string | null>;
  /** Results of the run, never taken over. */
  readonly outputs: ReadonlySet<string>;
  /** Other files changed after this were written by the run or later, and are not taken over. Milliseconds. */
  readonly startedAtMs: number;
  readonly storeDirectory: string;
  readonly content: ContentSource;
}

/** Folders that hold programs rather than data: linked as a whole. */
const programFolders = new Set(["node_modules", ".venv", "venv", "site-packages", ".tox", ".pixi"]);
/** Larger files are linked, smaller ones copied, so that a re-run can't change the user's. */
const copiedBytes = 16 * 1024 * 1024;
/** Folders with more entries are linked as a whole. */
const mostEntries = 2000;

/** Commands that must not see the repository of a hook that calls us. */
const gitEnvironment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("GIT_")));

const git = (root: string, ...words: string[]) =>
  runProgram("git", ["-C", root, "-c", "core.hooksPath=/dev/null", "-c", "core.quotepath=off", ...words], {
    timeoutMs: 300_000,
    env: gitEnvironment(),
  });

/** `git worktree add` writes to the repository: one at a time. */
let turn: Promise<unknown> = Promise.resolve();
function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const next = turn.then(work, work);
  turn = next.catch(() => undefined);
  return next;
}

/**
 * Makes a throw-away copy of the source that a run used: a git worktree at its commit where there is git, with what was
 * dirty or untracked put in; inputs as they were; environments linked; other ignored files copied, large ones linked.
 *
 * @param directory made by this call; must not exist
 * @throws DeepwrightError `SOURCE_NOT_STORED` when the content of a changed file can't be had
 */
export async function makeWorkspace(source: WorkspaceSource, directory: string): Promise<void> {
  await mkdir(dirname(directory), { recursive: true });
  const { commit, root } = source;
  const added =
    commit !== null && (await inTurn(() => git(root, "worktree", "add", "--detach", directory, commit))) !== null;
  const present = added && commit !== null ? await committedFiles(root, commit) : new Map<string, string>();
  if (!added) await mkdir(directory, { recursive: true });
  for (const path of present.keys()) {
    if (!source.files.has(path) && !source.inputs.has(path)) await rm(join(directory, path), { force: true });
  }
  const wanted = [...source.files].filter(([path, hash]) => present.get(path) !== hash);
  const contents = await source.content.read(wanted.map(([file, hash]) => ({ hash, file })));
  for (const [path, hash] of wanted) {
    const content = contents.get(hash);
    if (!content) throw notStored(path);
    await writeInto(directory, path, content);
  }
  for (const [path, hash] of source.inputs) {
    if (hash !== null) await restoreObject(source.storeDirectory, hash, join(directory, path));
  }
  const folders = new Set<string>();
  for (const path of source.files.keys()) {
    for (let folder = dirname(path); folder !== "."; folder = dirname(folder)) folders.add(folder);
  }
  await takeOver(source, directory, "", folders);
}

/** Removes a copy, its entry in the repository too. Never throws. */
export async function removeWorkspace(root: string, directory: string): Promise<void> {
  await inTurn(() => git(root, "worktree", "remove", "--force", directory));
  await rm(directory, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
  await inTurn(() => git(root, "worktree", "prune"));
}

export async function writeInto(directory: string, path: string, content: Uint8Array | string): Promise<void> {
  const target = join(directory, path);
  await mkdir(dirname(target), { recursive: true });
  // A link is replaced, never written through.
  if ((await lstat(target).catch(() => null))?.isSymbolicLink()) await rm(target);
  await writeFile(target, content);
}

async function committedFiles(root: string, commit: string): Promise<Map<string, string>> {
  const listing = (await git(root, "ls-tree", "-r", "-z", commit))?.toString("utf8") ?? "";
  const files = new Map<string, string>();
  for (const record of listing.split("\0")) {
    const [head = "", path] = record.split("\t");
    const [, type, hash] = head.split(" ");
    if (path !== undefined && type === "blob" && hash !== undefined) files.set(path, hash);
  }
  return files;
}

/** Brings in what lies beside the source: data, environments, caches; not results. */
async function takeOver(
  source: WorkspaceSource,
  directory: string,
  folder: string,
  sourceFolders: ReadonlySet<string>,
): Promise<void> {
  const entries: Dirent[] = await readdir(join(source.root, folder), { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    const from = join(source.root, path);
    const to = join(directory, path);
    if (entry.name === ".git" || source.files.has(path) || isWithin(source.storeDirectory, from)) continue;
    if (isWithin(from, directory) || isWithin(from, source.storeDirectory)) {
      // The store, or this copy, lies in here: its neighbours are brought in one by one.
      await mkdir(to, { recursive: true });
      await takeOver(source, directory, path, sourceFolders);
    } else if (entry.isDirectory()) {
      if (!sourceFolders.has(path) && (await isLinkedWhole(entry.name, from))) await symlink(from, to);
      else {
        await mkdir(to, { recursive: true });
        await takeOver(source, directory, path, sourceFolders);
      }
    } else await takeFile(source, path, from, to);
  }
}

async function takeFile(source: WorkspaceSource, path: string, from: string, to: string): Promise<void> {
  if ((await lstat(to).catch(() => null)) !== null || source.outputs.has(path)) return;
  const state = await stat(from).catch(() => null);
  if (!state?.isFile()) return;
  if (state.mtimeMs >= source.startedAtMs && !source.inputs.has(path)) return;
  if (state.size <= copiedBytes) await copyFile(from, to, constants.COPYFILE_FICLONE);
  else await symlink(from, to);
}

async function isLinkedWhole(name: string, path: string): Promise<boolean> {
  if (programFolders.has(name)) return true;
  const names: string[] = await readdir(path).catch(() => []);
  return names.includes("pyvenv.cfg") || names.length > mostEntries;
}

/** Whether `inner` is `outer` or lies below it. */
function isWithin(outer: string, inner: string): boolean {
  const path = relative(outer, inner);
  return path === "" || (path !== ".." && !path.startsWith(`..${sep}`) && !path.startsWith(sep));
}

function notStored(path: string): DeepwrightError {
  return new DeepwrightError({
    code: "SOURCE_NOT_STORED",
    kind: "not-found",
    expected: `the content that ${JSON.stringify(path)} had in the run`,
    got: "neither a stored copy, nor a git object, nor the same file on disk",
    todo: "Commit sources before a run, or keep changed files below 256 KiB, so that they are recorded.",
  });
}
