import { readdirSync } from "node:fs";
import { join } from "node:path";

const pattern = /^(\d{16})\.log$/;

/** A segment is named by the number of its first event, so that names sort in the order of the events. */
export function segmentPath(directory: string, firstSequence: number): string {
  return join(directory, `${String(firstSequence).padStart(16, "0")}.log`);
}

/**
 * First sequence numbers of the segments of a log, oldest first; empty when there is no such directory.
 *
 * @throws the system's error when the directory can't be read: a log that is there must not count as empty
 */
export function listSegments(directory: string): number[] {
  let names: string[];
  try {
    names = readdirSync(directory);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
  const found: number[] = [];
  for (const name of names) {
    const match = pattern.exec(name);
    if (match) found.push(Number(match[1]));
  }
  return found.sort((a, b) => a - b);
}
