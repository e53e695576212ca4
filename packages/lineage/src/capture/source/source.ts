import { lstatSync, readFileSync, readlinkSync, statSync } from "node:fs";
import { extname, join, relative, sep } from "node:path";
import { setImmediate } from "node:timers/promises";
import { joinPath, type Leaf, systemClock } from "@deepwright/core";
import { isDataFile } from "../data/data-files.js";
import { isModelFile } from "../model/model-files.js";
import { gitBlobId, isText } from "./blob.js";
import { findGitRoot, type GitState, readGitState } from "./git.js";
import { walkFiles } from "./walk.js";

/** Content of source files that no repository keeps, to be stored with the run. */
export interface SourceBlob {
  readonly path: string;
  readonly hash: string;
  readonly content: Buffer;
}

export interface SourceCapture {
  readonly root: string;
  readonly entries: Readonly<Record<string, Leaf>>;
  readonly blobs: readonly SourceBlob[];
  readonly notes: readonly string[];
}

const maximumBlobBytes = 256 * 1024;
const maximumTotalBytes = 32 * 1024 * 1024;
/** How long other work waits at most. */
const sliceMs = 5;
const maximumWalkedFiles = 20_000;
/** A larger file among the source is data or a result, whatever its name. */
const maximumHashedBytes = 16 * 1024 * 1024;

/** The top of the source that a command in this folder runs: git's top level, else the folder itself. */
export const sourceRoot = (workingDirectory: string): string => findGitRoot(workingDirectory) ?? workingDirectory;

/**
 * Reads which source a run uses: every tracked file with the blob id of what lies in the working tree, and the content
 * of what git does not have. Without git, the same of all files below the folder, up to 20,000.
 */
export async function captureSource(workingDirectory: string): Promise<SourceCapture> {
  const gitRoot = findGitRoot(workingDirectory);
  const state = gitRoot === null ? null : await readGitState(gitRoot);
  const root = gitRoot ?? workingDirectory;
  const folder = relative(root, workingDirectory).split(sep).join("/") || ".";
  const collector = new SourceCollector(root);
  if (state) await collector.addGit(state);
  else await collector.addTree();
  collector.entries["command/working-directory"] = folder;
  if (gitRoot !== null && state === null) collector.notes.push("git could not read the repository; files were hashed.");
  return { root, entries: collector.entries, blobs: collector.blobs, notes: collector.notes };
}

class SourceCollector {
  readonly entries: Record<string, Leaf> = {};
  readonly blobs: SourceBlob[] = [];
  readonly notes: string[] = [];
  readonly #root: string;
  #totalBytes = 0;
  #leftOut = 0;
  #workedSinceMs = systemClock.monotonic();

  constructor(root: string) {
    this.#root = root;
  }

  async addGit(state: GitState): Promise<void> {
    if (state.commit !== null) this.entries["git/commit"] = state.commit;
    if (state.branch !== null) this.entries["git/branch"] = state.branch;
    for (const [path, hash] of state.files) this.entries[joinPath("files", path)] = hash;
    for (const path of state.deleted) delete this.entries[joinPath("files", path)];
    let changed = state.deleted.length;
    for (const path of state.changed) {
      const tracked = state.files.has(path);
      if (!tracked && isNoSource(path)) continue;
      changed += 1;
      this.#addContent(path);
      await this.#pause();
    }
    this.entries["git/dirty"] = changed > 0;
    this.#noteLeftOut();
  }

  async addTree(): Promise<void> {
    const walk = walkFiles(this.#root, maximumWalkedFiles);
    for (const path of walk.files) {
      if (isNoSource(path)) continue;
      this.#addContent(path);
      await this.#pause();
    }
    if (!walk.complete) this.notes.push(`Only the first ${maximumWalkedFiles} files of ${this.#root} were hashed.`);
    this.#noteLeftOut();
  }

  /** Reading 100,000 files takes seconds, and the output and the signals of the command must pass meanwhile. */
  async #pause(): Promise<void> {
    if (systemClock.monotonic() - this.#workedSinceMs < sliceMs) return;
    await setImmediate();
    this.#workedSinceMs = systemClock.monotonic();
  }

  #addContent(path: string): void {
    const absolute = join(this.#root, path);
    try {
      const link = lstatSync(absolute).isSymbolicLink();
      if (!link && (!statSync(absolute).isFile() || statSync(absolute).size > maximumHashedBytes)) return;
      const content = link ? Buffer.from(readlinkSync(absolute), "utf8") : readFileSync(absolute);
      const hash = gitBlobId(content);
      this.entries[joinPath("files", path)] = hash;
      if (!isText(content)) return;
      const fits = content.length <= maximumBlobBytes && this.#totalBytes + content.length <= maximumTotalBytes;
      if (!fits) {
        this.#leftOut += 1;
        return;
      }
      this.#totalBytes += content.length;
      this.blobs.push({ path, hash, content });
    } catch {
      // It went away, or may not be read: then the command can't use it either.
    }
  }

  #noteLeftOut(): void {
    if (this.#leftOut === 0) return;
    this.notes.push(`${this.#leftOut} changed source files are too large to be kept; their hashes are recorded.`);
  }
}

/** Untracked files that are data, results or caches rather than source. */
function isNoSource(path: string): boolean {
  if (path.split("/").some((segment) => segment === ".deepwright" || segment === "__pycache__")) return true;
  return (
    isDataFile(path) || isModelFile(path) || [".log", ".pyc", ".tmp", ".swp", ".png", ".svg"].includes(extname(path))
  );
}
