import { diffArrays } from "diff";
import type { SourceHunk } from "../contract/index.js";

/** A change before its context and its kind are known. */
export type LineChange = Pick<SourceHunk, "beforeStart" | "beforeLines" | "afterStart" | "afterLines">;

/** Files that differ in more lines than this are one difference: no one reads that many hunks. */
const maximumEdits = 4000;

/** The lines of a text: joined with `\n` they give it back, byte for byte. */
export const linesOf = (text: string): string[] => text.split("\n");

/**
 * The changes between two texts (Myers 1986, Algorithmica 1) with zero lines of context, or `null` when they differ in
 * more than 4,000 lines.
 */
export function lineChanges(before: readonly string[], after: readonly string[]): LineChange[] | null {
  let start = 0;
  const shortest = Math.min(before.length, after.length);
  while (start < shortest && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < shortest - start && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  const parts = diffArrays(before.slice(start, before.length - end), after.slice(start, after.length - end), {
    maxEditLength: maximumEdits,
  });
  if (!parts) return null;
  const changes: { beforeStart: number; beforeLines: string[]; afterStart: number; afterLines: string[] }[] = [];
  let beforeLine = start + 1;
  let afterLine = start + 1;
  let open = false;
  for (const part of parts) {
    if (!part.added && !part.removed) {
      beforeLine += part.value.length;
      afterLine += part.value.length;
      open = false;
      continue;
    }
    if (!open) changes.push({ beforeStart: beforeLine, beforeLines: [], afterStart: afterLine, afterLines: [] });
    open = true;
    const change = changes.at(-1);
    if (part.removed) {
      change?.beforeLines.push(...part.value);
      beforeLine += part.value.length;
    } else {
      change?.afterLines.push(...part.value);
      afterLine += part.value.length;
    }
  }
  return changes;
}

/**
 * Takes hunks back out of the text of `after`; with all hunks of the file this gives the text of `before`.
 *
 * @param text content of the file in `after`
 * @param hunks hunks of this file, in any order
 */
export function revertHunks(text: string, hunks: readonly LineChange[]): string {
  const lines = linesOf(text);
  const fromLast = [...hunks].sort((a, b) => b.afterStart - a.afterStart);
  for (const hunk of fromLast) lines.splice(hunk.afterStart - 1, hunk.afterLines.length, ...hunk.beforeLines);
  return lines.join("\n");
}
