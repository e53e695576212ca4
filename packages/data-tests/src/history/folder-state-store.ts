import { randomUUID } from "node:crypto";
import { link, mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { sha256 } from "@deepwright/core";
import { areRegisters } from "./distinct-sketch.js";
import { historyInvalid } from "./errors.js";
import { type Binning, binningSchema, columnStateSchema, type PartitionState, partitionHeadSchema } from "./state.js";
import { byPartition, isWithin, type KnownPartition, type PartitionRange, type StateStore } from "./state-store.js";

/**
 * Keeps states in a folder: a file of JSON lines for each partition (a head, then a line for each column) and a small file for
 * the bins of each column. Files are written beside their place, flushed to the disk, and renamed.
 *
 * @param folder made where there is none
 * @throws DeepwrightError `HISTORY_INVALID` while reading, which names the file
 * @example
 * ```ts
 * const store = await openFolderStateStore(".deepwright/history/sales");
 * ```
 */
export async function openFolderStateStore(folder: string): Promise<StateStore> {
  const [partitions, columns] = [join(folder, "partitions"), join(folder, "columns")];
  await mkdir(partitions, { recursive: true });
  await mkdir(columns, { recursive: true });
  const placeOf = (partition: string): string => join(partitions, `${fileName(partition)}.jsonl`);
  const heads = async (): Promise<(KnownPartition & { readonly path: string })[]> => {
    const names = (await readdir(partitions)).filter((name) => name.endsWith(".jsonl") && !name.startsWith("."));
    const found = await Promise.all(
      names.map(async (name) => {
        const path = join(partitions, name);
        const line = await firstLine(path);
        // Removed since it was listed.
        if (line === null) return [];
        const { partition, content } = parsed(path, 1, line, (value) => partitionHeadSchema.parse(value));
        return [{ partition, content, path }];
      }),
    );
    return found.flat().sort(byPartition);
  };
  return {
    async claimBinning(column, proposed) {
      const path = join(columns, `${fileName(column)}.json`);
      const standing = await readBinning(path, column);
      if (standing !== null) return standing;
      const partial = await writePartial(columns, `${JSON.stringify({ column, binning: proposed() })}\n`);
      try {
        // Unlike a rename, a link fails where another writer was first.
        await link(partial, path);
        await flushFolder(columns);
      } catch (error) {
        if ((error as { readonly code?: unknown }).code !== "EEXIST") throw error;
      } finally {
        await rm(partial, { force: true });
      }
      return (await readBinning(path, column)) as Binning;
    },
    async put(state) {
      const partial = await writePartial(partitions, stateLines(state));
      try {
        await rename(partial, placeOf(state.partition));
      } catch (error) {
        await rm(partial, { force: true });
        throw error;
      }
      await flushFolder(partitions);
    },
    async remove(partition) {
      await rm(placeOf(partition), { force: true });
      await flushFolder(partitions);
    },
    async list() {
      return (await heads()).map(({ partition, content }) => ({ partition, content }));
    },
    async read(range: PartitionRange = {}) {
      const states: PartitionState[] = [];
      for (const { partition, path } of await heads()) {
        if (!isWithin(partition, range)) continue;
        const text = await readOrNull(path);
        if (text !== null) states.push(parseState(path, text));
      }
      return states;
    },
  };
}

/** Unique also where file names are not told apart by case. */
function fileName(name: string): string {
  const readable = name.toLowerCase().replace(/[^a-z0-9-]+/g, "-");
  return `${readable.slice(0, 60)}-${sha256(name).slice(0, 20)}`;
}

function stateLines({ columns, ...head }: PartitionState): string {
  const names = Object.keys(columns);
  const lines = [{ version: 1, ...head, columns: names }, ...names.map((name) => columns[name])];
  return lines.map((line) => `${JSON.stringify(line)}\n`).join("");
}

function parseState(path: string, text: string): PartitionState {
  const lines = text.split("\n");
  const { version: _, columns, ...head } = parsed(path, 1, lines[0] ?? "", (value) => partitionHeadSchema.parse(value));
  const states = columns.map((name, index) => {
    const state = parsed(path, index + 2, lines[index + 1] ?? "", (value) => columnStateSchema.parse(value));
    if (state.registers !== null && !areRegisters(state.registers)) throw invalid(path, index + 2, "other registers");
    return [name, state] as const;
  });
  return { ...head, columns: Object.fromEntries(states) };
}

function parsed<T>(path: string, line: number, text: string, parse: (value: unknown) => T): T {
  try {
    return parse(JSON.parse(text));
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
    throw invalid(path, line, reason === "[" ? "another shape" : reason);
  }
}

function invalid(path: string, line: number, got: string): Error {
  return historyInvalid(
    `the state of a partition in ${JSON.stringify(path)}, line ${line}`,
    got,
    "Remove the file; the next update scans its partition again.",
    { file: path, line },
  );
}

async function readBinning(path: string, column: string): Promise<Binning | null> {
  const text = await readOrNull(path);
  if (text === null) return null;
  try {
    return binningSchema.parse((JSON.parse(text) as { readonly binning?: unknown }).binning);
  } catch (cause) {
    throw historyInvalid(
      `the bins of column ${JSON.stringify(column)} in ${JSON.stringify(path)}`,
      cause instanceof SyntaxError ? "no JSON" : "another shape",
      "Remove the folder of the history and update it again.",
      { file: path },
    );
  }
}

async function readOrNull(path: string): Promise<string | null> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as { readonly code?: unknown }).code === "ENOENT") return null;
    throw error;
  }
}

async function firstLine(path: string): Promise<string | null> {
  const file = await open(path).catch((error: { readonly code?: unknown }) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
  if (file === null) return null;
  try {
    const chunks: Buffer[] = [];
    for (;;) {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(8192), 0, 8192, null);
      const end = buffer.subarray(0, bytesRead).indexOf(10);
      chunks.push(buffer.subarray(0, end === -1 ? bytesRead : end));
      if (end !== -1 || bytesRead === 0) return Buffer.concat(chunks).toString("utf8");
    }
  } finally {
    await file.close();
  }
}

/** A file that nobody takes for a state, written and flushed. */
async function writePartial(folder: string, text: string): Promise<string> {
  const path = join(folder, `.${randomUUID()}.partial`);
  const file = await open(path, "wx");
  try {
    await file.writeFile(text);
    await file.sync();
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  } finally {
    await file.close();
  }
  return path;
}

/** A rename is on the disk only when its folder is. Windows opens no folders. */
async function flushFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(folder);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
