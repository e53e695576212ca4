import type { BigIntStats } from "node:fs";

/**
 * Identifies a state of a file without reading it: device, inode, size in bytes and modification time in nanoseconds. A
 * writer that restores the time after it has changed a file in place goes unseen.
 */
export function snapshotOf(stats: BigIntStats): string {
  return `${stats.dev}:${stats.ino}:${stats.size}:${stats.mtimeNs}`;
}
