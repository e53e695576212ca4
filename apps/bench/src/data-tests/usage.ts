import { spawn } from "node:child_process";
import { once } from "node:events";

/** What a measured process says about itself. */
export interface Usage {
  readonly passed: boolean;
  readonly checks: number;
  /** Of the work without imports, on all threads. */
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
  /** Of the whole process. */
  readonly peakBytes: number;
}

/** Times work within the measured process. */
export async function measureUsage(work: () => Promise<Pick<Usage, "passed" | "checks">>): Promise<Usage> {
  const cpu = process.cpuUsage();
  const start = performance.now();
  const result = await work();
  const { user, system } = process.cpuUsage(cpu);
  return {
    ...result,
    cpuSeconds: (user + system) / 1e6,
    wallSeconds: (performance.now() - start) / 1000,
    peakBytes: process.resourceUsage().maxRSS * 1024,
  };
}

/** Runs a program that prints its usage as its last line. @throws Error with its output when it fails or its checks do */
export async function usageOf(command: string, parameters: readonly string[]): Promise<Usage> {
  const child = spawn(command, parameters, { stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  let errors = "";
  child.stdout.on("data", (part: Buffer) => {
    output += part.toString();
  });
  child.stderr.on("data", (part: Buffer) => {
    errors = (errors + part.toString()).slice(-3000);
  });
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new Error(`${command} ended with ${code}: ${errors}`);
  const usage = JSON.parse(output.trim().split("\n").at(-1) ?? "") as Usage;
  if (!usage.passed) throw new Error(`the checks of ${command} failed on data on which they hold`);
  return usage;
}
