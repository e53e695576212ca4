import { spawn } from "node:child_process";
import { commandEnvironment } from "./command.mjs";

/** How long a child may take to end in order before it is killed. */
const graceMs = 15_000;

/**
 * Starts a long-lived child in a process group of its own, so that Ctrl-C reaches this script only, which then ends
 * its children in order.
 *
 * @param {string} program
 * @param {readonly string[]} parameters
 * @param {import("node:child_process").SpawnOptions} options
 */
export function startService(program, parameters, options) {
  const child = spawn(program, parameters, { env: commandEnvironment(), ...options, detached: true });
  /** @type {Promise<number>} */
  const ended = new Promise((resolve) => {
    child.on("error", () => resolve(127));
    child.on("close", (exitCode) => resolve(exitCode ?? 128));
  });
  /** @param {NodeJS.Signals} signal */
  const signalGroup = (signal) => {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    try {
      process.kill(-child.pid, signal);
    } catch {
      // It ended in between.
    }
  };
  return {
    child,
    ended,
    /** Asks the child to end as Ctrl-C does, kills it when it does not, and waits for its end. */
    async stop() {
      signalGroup("SIGINT");
      const timer = setTimeout(() => signalGroup("SIGKILL"), graceMs);
      await ended;
      clearTimeout(timer);
    },
  };
}
