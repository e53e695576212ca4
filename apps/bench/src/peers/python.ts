import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** Where peers are installed, outside the source tree, so that they are fetched once. */
const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "deepwright", "peers");

/**
 * Path of a program of a Python package in a virtual environment of its own, installed when it is not there yet;
 * `null` where Python or the package index is out of reach.
 */
export function pythonProgram(name: string, program: string, requirements: readonly string[]): string | null {
  const environment = join(cache, name);
  const path = join(environment, "bin", program);
  if (existsSync(path)) return path;
  mkdirSync(cache, { recursive: true });
  const run = (command: string, parameters: readonly string[]): boolean =>
    spawnSync(command, parameters, { stdio: ["ignore", "ignore", "inherit"] }).status === 0;
  if (!run("python3", ["-m", "venv", environment])) return null;
  if (!run(join(environment, "bin", "pip"), ["install", "--quiet", ...requirements])) return null;
  return existsSync(path) ? path : null;
}
