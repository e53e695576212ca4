import { formatDuration, type Leaf } from "@deepwright/core";
import type { Run } from "@deepwright/lineage";

/** Six significant digits, and the names of what is no number. */
export function formatValue(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  return Number.isInteger(value) && Math.abs(value) < 1e15 ? String(value) : String(Number(value.toPrecision(6)));
}

/** A leaf on one line; text with line breaks or quotes as JSON. */
export function formatLeaf(leaf: Leaf): string {
  if (typeof leaf === "number") return formatValue(leaf);
  if (typeof leaf !== "string") return String(leaf);
  return leaf === "" || /[\p{Cc}"]/u.test(leaf) ? JSON.stringify(leaf) : leaf;
}

/** Text of a user on one line: control characters, which could change the terminal, are shown as escapes. */
export const oneLine = (text: string): string =>
  text.replace(/\p{Cc}/gu, (character) => JSON.stringify(character).slice(1, -1));

export function formatTime(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19).replace("T", " ")}Z`;
}

/** How long the command took; of a run without one, or that goes on, how long the run did. */
export function runDuration(run: Run): string {
  if (run.durationMs !== null) return formatDuration(run.durationMs);
  const endMs = run.endedAtMs ?? run.heartbeatAtMs;
  return formatDuration(Math.max(0, endMs - run.startedAtMs));
}

/** Metrics of a run in a few words, its objective first. */
export function metricsInBrief(run: Run, maximum: number): string {
  const names = Object.keys(run.metrics).sort();
  const objective = run.objective?.metric;
  const ordered =
    objective !== undefined && names.includes(objective)
      ? [objective, ...names.filter((name) => name !== objective)]
      : names;
  return ordered
    .slice(0, maximum)
    .map((name) => `${oneLine(name)} ${formatValue(run.metrics[name]?.last ?? Number.NaN)}`)
    .join(", ");
}
