import type { Difference } from "../../contract/index.js";
import type { HistoryRun } from "../history.js";

/** On which side of a difference a recorded run stands. */
export type DifferenceState = "before" | "after" | "other";

/** The text of a file by its blob id, where it could be found. */
export type TextOf = (hash: string) => string | undefined;

/** The leaf keys (`component:path`) that a difference covers in a run's comparison. */
function keysOf(difference: Difference, run: HistoryRun): string[] {
  const exact = [difference.path, ...(difference.renamedFrom === undefined ? [] : [difference.renamedFrom])].map(
    (path) => `${difference.component}:${path}`,
  );
  if (difference.kind !== "data") return exact.filter((key) => run.leaves.has(key));
  const prefix = `data:${difference.path}/`;
  return [...run.leaves.keys()].filter((key) => key.startsWith(prefix)).sort();
}

/**
 * Whether a recorded run has the value of the run in question (`after`), that of the baseline (`before`) or neither. A
 * hunk in another version of its file is looked for by its lines.
 */
export function stateIn(
  difference: Difference,
  run: HistoryRun,
  baseline: HistoryRun,
  textOf: TextOf,
): DifferenceState {
  const keys = keysOf(difference, run);
  if (keys.length === 0) return "after";
  const asBaseline = keysOf(difference, baseline);
  if (
    keys.length === asBaseline.length &&
    keys.every((key) => Object.is(run.leaves.get(key), baseline.leaves.get(key)))
  ) {
    return "before";
  }
  if (!difference.hunk) return "other";
  const hash = run.leaves.get(`${difference.component}:${difference.path}`);
  const text = typeof hash === "string" ? textOf(hash) : undefined;
  return text === undefined ? "other" : hunkState(difference.hunk, text);
}

function hunkState(hunk: NonNullable<Difference["hunk"]>, text: string): DifferenceState {
  const block = (lines: readonly string[]): string => `\n${lines.join("\n")}\n`;
  const padded = `\n${text}\n`;
  const hasBefore = hunk.beforeLines.length > 0 && padded.includes(block(hunk.beforeLines));
  const hasAfter = hunk.afterLines.length > 0 && padded.includes(block(hunk.afterLines));
  if (hasBefore !== hasAfter) return hasAfter ? "after" : "before";
  // A pure insertion or deletion is told by whether its one block is there.
  if (hunk.beforeLines.length === 0 && !hasAfter) return "before";
  if (hunk.afterLines.length === 0 && !hasBefore) return "after";
  return "other";
}
