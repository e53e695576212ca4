import { spawnSync } from "node:child_process";

/** Python to ask for independent values; one with SciPy in it can be named by DEEPWRIGHT_PYTHON. */
const python = process.env.DEEPWRIGHT_PYTHON ?? "python3";

/** Whether this machine has SciPy to compare with. */
export const hasScipy = spawnSync(python, ["-c", "import scipy.stats"], { timeout: 60_000 }).status === 0;

/** Evaluates a Python expression (`stats`, `special`, `np` and `data` in scope) and gives its value through JSON. */
export function scipy<T>(expression: string, data: unknown = null): T {
  const program = `import json, sys, numpy as np
from scipy import stats, special
data = json.load(sys.stdin)
json.dump(${expression}, sys.stdout)`;
  const result = spawnSync(python, ["-c", program], {
    input: JSON.stringify(data),
    encoding: "utf8",
    timeout: 120_000,
    maxBuffer: 1 << 26,
  });
  if (result.status !== 0) throw new Error(`SciPy failed: ${result.stderr}`);
  return JSON.parse(result.stdout) as T;
}
