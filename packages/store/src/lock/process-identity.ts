import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

/** Says which process of which machine this is, also after its number was given to another one. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks from the machine's start to the process's; null where there is no /proc. */
  readonly startTime: string | null;
  /** Changes with every start of the machine; null where there is no /proc. */
  readonly bootId: string | null;
  /** Numbers of processes mean something only inside one namespace (containers); null where there are none. */
  readonly pidNamespace: string | null;
  readonly host: string;
}

let own: ProcessIdentity | undefined;

export function ownIdentity(): ProcessIdentity {
  own ??= {
    pid: process.pid,
    startTime: readProcessState(process.pid)?.startTime ?? null,
    bootId: attempt(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()),
    pidNamespace: attempt(() => readlinkSync("/proc/self/ns/pid")),
    host: hostname(),
  };
  return own;
}

/**
 * Whether a process still runs. `unknown` when it can't be seen from here: on another machine, or in another container.
 * A process that was killed counts as running until the last of its threads has stopped writing.
 */
export function processState(other: ProcessIdentity): "alive" | "dead" | "unknown" {
  const self = ownIdentity();
  if (other.host !== self.host) return "unknown";
  if (other.bootId !== self.bootId) return other.bootId !== null && self.bootId !== null ? "dead" : "unknown";
  if (other.pidNamespace !== self.pidNamespace) return "unknown";
  if (!answersSignals(other.pid)) return "dead";
  if (other.startTime === null) return "alive";
  const state = readProcessState(other.pid);
  if (state === undefined || state.startTime !== other.startTime) return "dead";
  return state.ended ? "dead" : "alive";
}

function answersSignals(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, as another user.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** From /proc/PID/stat (proc_pid_stat(5)): field 3 is the state, field 22 the start time. */
function readProcessState(pid: number): { startTime: string; ended: boolean } | undefined {
  const text = attempt(() => readFileSync(`/proc/${pid}/stat`, "utf8"));
  if (text === null) return undefined;
  // The name in field 2 may hold spaces and brackets.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const isZombie = fields[0] === "Z" || fields[0] === "X";
  const threads = isZombie ? (attempt(() => readdirSync(`/proc/${pid}/task`).length) ?? 0) : 0;
  return { startTime: fields[19] ?? "", ended: isZombie && threads <= 1 };
}

function attempt<T>(work: () => T): T | null {
  try {
    return work();
  } catch {
    return null;
  }
}
