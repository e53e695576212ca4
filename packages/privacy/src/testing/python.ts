import { spawnSync } from "node:child_process";

/** Python to ask for independent values; one with dp_accounting in it can be named by DEEPWRIGHT_PYTHON. */
const python = process.env.DEEPWRIGHT_PYTHON ?? "python3";

/** Whether this machine has Google's dp_accounting (and with it mpmath) to compare with. */
export const hasDpAccounting =
  spawnSync(python, ["-c", "import dp_accounting, mpmath"], { timeout: 120_000 }).status === 0;

/** Runs a Python program that reads `data` and sets `result`. */
export function runPython<T>(program: string, data: unknown = null): T {
  const code = `import json, sys\ndata = json.load(sys.stdin)\n${program}\njson.dump(result, sys.stdout)`;
  const ended = spawnSync(python, ["-c", code], {
    input: JSON.stringify(data),
    encoding: "utf8",
    timeout: 240_000,
    maxBuffer: 1 << 26,
  });
  if (ended.status !== 0) throw new Error(`Python failed: ${ended.stderr}`);
  return JSON.parse(ended.stdout) as T;
}
