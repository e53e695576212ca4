import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, open, realpath } from "node:fs/promises";
import { isAbsolute, relative, resolve, sep } from "node:path";
import type { Run, RunService } from "../contract/index.js";

/** Asks for the content with a git blob id; `file` (relative to the source root) is where it stood. */
export interface ContentRequest {
  readonly hash: string;
  readonly file: string;
}

/** Gives the content of source files. May be asked for many at once; what it lacks is left out of the result. */
export interface ContentSource {
  read(requests: readonly ContentRequest[]): Promise<ReadonlyMap<string, Uint8Array>>;
}

/** Content beyond this is not compared line by line. Unit: bytes. */
export const maximumContentBytes = 2 * 1024 * 1024;
const concurrency = 16;

/** The git blob id of content (SHA-1 over `blob <size>\0` and the content). */
export function blobId(content: Uint8Array): string {
  return createHash("sha1").update(`blob ${content.byteLength}\0`).update(content).digest("hex");
}

/** Content that was stored with the run: dirty and untracked files, configuration files. */
export function storedContent(service: Pick<RunService, "blob">): ContentSource {
  return {
    async read(requests) {
      const found = new Map<string, Uint8Array>();
      await inParallel(requests, async ({ hash }) => {
        const base64 = await service.blob({ hash });
        if (base64 !== null) found.set(hash, Buffer.from(base64, "base64"));
      });
      return found;
    },
  };
}

/** Content of the git repository around a directory, when there is one; one process for all requests. */
function gitContent(directory: string): ContentSource {
  return {
    read: (requests) =>
      new Promise((resolve) => {
        const hashes = requests.map(({ hash }) => hash).filter((hash) => /^[0-9a-f]{40}([0-9a-f]{24})?$/.test(hash));
        if (hashes.length === 0) return resolve(new Map());
        const chunks: Buffer[] = [];
        const child = spawn("git", ["-C", directory, "cat-file", "--batch"], { stdio: ["pipe", "pipe", "ignore"] });
        // No git and no repository both mean that nothing is found here.
        child.on("error", () => resolve(new Map()));
        child.stdin.on("error", () => undefined);
        child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
        child.on("close", () => resolve(parseBatch(Buffer.concat(chunks))));
        child.stdin.end(`${hashes.join("\n")}\n`);
      }),
  };
}

/** Reads the answers of `git cat-file --batch`: `<hash> blob <size>\n<content>\n` or `<hash> missing\n`. */
function parseBatch(output: Buffer): Map<string, Uint8Array> {
  const found = new Map<string, Uint8Array>();
  let position = 0;
  while (position < output.length) {
    const end = output.indexOf(10, position);
    if (end < 0) break;
    const [hash, type, size] = output.toString("latin1", position, end).split(" ");
    position = end + 1;
    if (hash === undefined || type === "missing" || size === undefined) continue;
    const next = position + Number(size);
    if (type === "blob") found.set(hash, output.subarray(position, next));
    position = next + 1;
  }
  return found;
}

/**
 * Files that still lie under a source root with the very content that is asked for. What a run says about its root and
 * its files may come from anybody: nothing outside the root is read, whether by `..` or by a link, nothing that is not
 * an ordinary file, and nothing is given whose git blob id is not the recorded one.
 */
function directoryContent(root: string): ContentSource {
  return {
    async read(requests) {
      const found = new Map<string, Uint8Array>();
      await inParallel(requests, async ({ hash, file }) => {
        const content = await readWithin(root, file);
        if (content !== null && blobId(content) === hash) found.set(hash, content);
      });
      return found;
    },
  };
}

/** The content of an ordinary file below a folder; `null` for everything else and what can't be read. */
async function readWithin(root: string, file: string): Promise<Uint8Array | null> {
  let handle: FileHandle | undefined;
  try {
    const [folder, path] = await Promise.all([realpath(root), realpath(resolve(root, file))]);
    const inside = relative(folder, path);
    if (inside === "" || isAbsolute(inside) || inside === ".." || inside.startsWith(`..${sep}`)) return null;
    // Opening a pipe would wait for its other end.
    handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const { size } = await handle.stat().then((found) => (found.isFile() ? found : { size: Number.POSITIVE_INFINITY }));
    return size > maximumContentBytes ? null : await handle.readFile();
  } catch {
    // The folder was moved, or the run was made on another computer.
    return null;
  } finally {
    await handle?.close();
  }
}

/** Asks one source after another for what is still missing. */
function firstOf(sources: readonly ContentSource[]): ContentSource {
  return {
    async read(requests) {
      const found = new Map<string, Uint8Array>();
      for (const source of sources) {
        const missing = requests.filter(({ hash }) => !found.has(hash));
        if (missing.length === 0) break;
        for (const [hash, content] of await source.read(missing)) found.set(hash, content);
      }
      return found;
    },
  };
}

/** Where the content of two runs is looked for when the caller names no source: the store, then the disk of this computer. */
export function defaultContentSource(service: Pick<RunService, "blob">, runs: readonly Run[]): ContentSource {
  const roots = [...new Set(runs.map((run) => run.location.root))];
  return firstOf([storedContent(service), ...roots.flatMap((root) => [gitContent(root), directoryContent(root)])]);
}

async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length) {
      const item = items[next] as T;
      next += 1;
      await work(item);
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, items.length) }, worker));
}
