import { closeSync, openSync, readSync, realpathSync } from "node:fs";
import { basename } from "node:path";
import { z } from "zod";
import type { CaptureContext } from "../context.js";
import type { PythonReport } from "../hooks/reports.js";
import { runProgram } from "../run-program.js";

const askPython = `import json, sys
print(json.dumps({"kind": "python", "executable": sys.executable, "version": "%d.%d.%d" % sys.version_info[:3],
"prefix": sys.prefix, "basePrefix": sys.base_prefix, "path": [p for p in sys.path if p], "arguments": []}))`;
const answerSchema = z.object({
  kind: z.literal("python"),
  executable: z.string(),
  version: z.string(),
  prefix: z.string(),
  basePrefix: z.string(),
  path: z.array(z.string()),
  arguments: z.array(z.string()),
});

/**
 * The Python of a command that did not report itself (run with `-I` or `-S`, say): asked once. `null` when the command's
 * first word is no Python.
 */
export async function askInterpreter(context: CaptureContext): Promise<PythonReport | null> {
  const program = pythonOf(context.executable);
  if (program === null) return null;
  const output = await runProgram(program, ["-c", askPython], {
    cwd: context.workingDirectory,
    env: context.environment,
    timeoutMs: 5_000,
  });
  try {
    return answerSchema.parse(JSON.parse(output?.toString("utf8") ?? ""));
  } catch {
    return null;
  }
}

/** The Python that runs a file: the file itself, or what its first line (`#!`) names. */
function pythonOf(executable: string): string | null {
  if (/^(?:python|pypy)[\d.]*(?:\.exe)?$/.test(basename(executable))) return executable;
  const words = firstLine(executable)
    .replace(/^#!\s*/, "")
    .split(/\s+/);
  const named =
    basename(words[0] ?? "") === "env" ? words.find((word, index) => index > 0 && !word.startsWith("-")) : words[0];
  return named !== undefined && /^(?:python|pypy)[\d.]*$/.test(basename(named)) ? named : null;
}

function firstLine(path: string): string {
  try {
    const descriptor = openSync(realpathSync(path), "r");
    try {
      const buffer = Buffer.alloc(256);
      const text = buffer.toString("latin1", 0, readSync(descriptor, buffer, 0, 256, 0));
      return text.startsWith("#!") ? (text.split("\n")[0] as string) : "";
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return "";
  }
}
