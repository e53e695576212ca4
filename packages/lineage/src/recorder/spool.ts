import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { RunId } from "@deepwright/core";
import { z } from "zod";
import { makeFolder } from "./make-folder.js";
import type { ProcessIdentity } from "./process-identity.js";

/** What `source.json` in the folder of a log says about it. */
export interface SpoolSource {
  /** Name of the log, a UUID. */
  readonly sourceId: string;
  readonly runId: RunId;
  /** Where it is to be delivered, without password. */
  readonly store: string;
  readonly owner: ProcessIdentity;
}

/** A log in the spool: `DIR/spool/<sourceId>/` with its segments, `source.json` and `acknowledged.json`. */
export interface SpoolEntry extends SpoolSource {
  readonly directory: string;
}

const sourceSchema = z.object({
  sourceId: z.string(),
  runId: z.string(),
  store: z.string(),
  owner: z.object({ host: z.string(), processId: z.number(), startTicks: z.string().nullable() }),
});
const acknowledgedSchema = z.object({ sequence: z.number().int().nonnegative() });

export const spoolDirectory = (directory: string): string => join(directory, "spool");
const refusedDirectory = (directory: string): string => join(directory, "refused");
export const sourceDirectory = (directory: string, sourceId: string): string =>
  join(spoolDirectory(directory), sourceId);

function writeWhole(path: string, value: unknown): void {
  const temporary = `${path}.${process.pid}.tmp`;
  writeFileSync(temporary, JSON.stringify(value), { mode: 0o600 });
  renameSync(temporary, path);
}

/** Makes the folder of a new log. */
export function createSource(directory: string, source: SpoolSource): SpoolEntry {
  const folder = sourceDirectory(directory, source.sourceId);
  makeFolder(folder, 0o700);
  writeWhole(join(folder, "source.json"), source);
  return { ...source, directory: folder };
}

/** All logs that wait, oldest first (the names are UUIDv7). A folder without a readable `source.json` is left alone. */
export function listSources(directory: string): SpoolEntry[] {
  return listEntries(spoolDirectory(directory));
}

function listEntries(parent: string): SpoolEntry[] {
  const found: SpoolEntry[] = [];
  for (const name of namesIn(parent)) {
    if (name.endsWith(removedSuffix)) continue;
    const folder = join(parent, name);
    const parsed = sourceSchema.safeParse(readJson(join(folder, "source.json")));
    if (parsed.success) found.push({ ...parsed.data, runId: parsed.data.runId as RunId, directory: folder });
  }
  return found;
}

/** Number of the last event that the store has for good; 0 when it has none. */
export function readAcknowledged(entry: SpoolEntry): number {
  const parsed = acknowledgedSchema.safeParse(readJson(join(entry.directory, "acknowledged.json")));
  return parsed.success ? parsed.data.sequence : 0;
}

/** Losing this file is harmless: events are sent again and the receiver skips the numbers that it has. */
export function writeAcknowledged(entry: SpoolEntry, sequence: number): void {
  writeWhole(join(entry.directory, "acknowledged.json"), { sequence });
}

const removedSuffix = ".removed";

/** Removes a log whose every event is stored. The name goes first: half a log must not be taken for one that is torn. */
export function removeSource(entry: SpoolEntry): void {
  const aside = `${entry.directory}${removedSuffix}`;
  try {
    renameSync(entry.directory, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  rmSync(aside, { recursive: true, force: true });
}

/** Removes what a process left that was killed while it removed a log. */
export function sweepRemoved(directory: string): void {
  for (const name of namesIn(spoolDirectory(directory))) {
    if (name.endsWith(removedSuffix)) rmSync(join(spoolDirectory(directory), name), { recursive: true, force: true });
  }
}

/** Takes a log out of the way that the store refuses; nothing of it is deleted. */
export function setAside(directory: string, entry: SpoolEntry, reason: unknown): string {
  const folder = refusedDirectory(directory);
  makeFolder(folder, 0o700);
  const target = join(folder, entry.sourceId);
  writeWhole(join(entry.directory, "refused.json"), reason);
  renameSync(entry.directory, target);
  return target;
}

/** Logs for a store that were set aside. */
export function listRefused(directory: string, store: string): SpoolEntry[] {
  return listEntries(refusedDirectory(directory)).filter((entry) => entry.store === store);
}

/** Brings the logs for a store that were set aside back into the spool, to be sent again. @returns their number */
export function restoreRefused(directory: string, store: string): number {
  const entries = listRefused(directory, store);
  makeFolder(spoolDirectory(directory), 0o700);
  for (const entry of entries) {
    rmSync(join(entry.directory, "refused.json"), { force: true });
    renameSync(entry.directory, sourceDirectory(directory, entry.sourceId));
  }
  return entries.length;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}
