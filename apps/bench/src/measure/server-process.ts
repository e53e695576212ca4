import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

export interface ServerProcess {
  readonly url: string;
  readonly child: ChildProcess;
  /** Seconds of processor time that the process and its threads have used. */
  cpuSeconds(): number;
  stop(): Promise<void>;
}

export interface ServerCommand {
  readonly command: string;
  readonly arguments: readonly string[];
  readonly url: string;
  /** Path that answers 2xx once the server is ready. */
  readonly readyPath: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly workingDirectory?: string;
}

/** Clock ticks a second of /proc; 100 on every Linux that we know. */
const ticks = 100;

function cpuSecondsOf(processId: number): number {
  const fields = readFileSync(`/proc/${processId}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) / ticks;
}

/** Starts a server in a process group of its own and waits until it answers. */
export async function startServer(options: ServerCommand): Promise<ServerProcess> {
  const child = spawn(options.command, options.arguments, {
    stdio: ["ignore", "ignore", "pipe"],
    detached: true,
    env: { ...process.env, ...options.environment },
    ...(options.workingDirectory ? { cwd: options.workingDirectory } : {}),
  });
  let errors = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    errors = (errors + chunk.toString("utf8")).slice(-2000);
  });
  const processId = child.pid ?? 0;
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, "exit");
    process.kill(-processId, "SIGTERM");
    const gone = await Promise.race([exited.then(() => true), delay(5000, false)]);
    if (!gone) process.kill(-processId, "SIGKILL");
    await exited;
  };
  const deadline = performance.now() + 90_000;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`${options.command} ended with ${child.exitCode}: ${errors}`);
    try {
      const answer = await fetch(new URL(options.readyPath, options.url));
      await answer.arrayBuffer();
      if (answer.ok) return { url: options.url, child, stop, cpuSeconds: () => cpuSecondsOf(processId) };
    } catch {
      // Not listening yet.
    }
    if (performance.now() > deadline) {
      await stop();
      throw new Error(`${options.command} did not answer within 90 s: ${errors}`);
    }
    await delay(50);
  }
}
