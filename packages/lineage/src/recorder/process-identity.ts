import { readFileSync } from "node:fs";
import { hostname } from "node:os";

/** Names one process for good: its number alone is given out again. */
export interface ProcessIdentity {
  readonly host: string;
  readonly processId: number;
  /** Start time in clock ticks since boot (field 22 of `/proc/<pid>/stat`); `null` where there is no `/proc`. */
  readonly startTicks: string | null;
}

function startTicks(processId: number): string | null {
  try {
    const stat = readFileSync(`/proc/${processId}/stat`, "latin1");
    // The second field is the command in parentheses and may hold blanks and parentheses itself.
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? null;
  } catch {
    return null;
  }
}

function isZombie(processId: number): boolean {
  try {
    const stat = readFileSync(`/proc/${processId}/stat`, "latin1");
    return stat[stat.lastIndexOf(")") + 2] === "Z";
  } catch {
    return false;
  }
}

/** The process that calls. */
export function ownIdentity(): ProcessIdentity {
  return { host: hostname(), processId: process.pid, startTicks: startTicks(process.pid) };
}

/** Whether the process still runs; `unknown` when it is one of another computer. */
export function processState(identity: ProcessIdentity): "alive" | "dead" | "unknown" {
  if (identity.host !== hostname()) return "unknown";
  try {
    process.kill(identity.processId, 0);
  } catch (error) {
    // EPERM: it is there, but belongs to somebody else.
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return "dead";
  }
  if (isZombie(identity.processId)) return "dead";
  const ticks = startTicks(identity.processId);
  return ticks !== null && identity.startTicks !== null && ticks !== identity.startTicks ? "dead" : "alive";
}
