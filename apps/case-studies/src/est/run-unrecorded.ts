import { spawn } from "node:child_process";
import { once } from "node:events";
import { DeepwrightError } from "@deepwright/core";

/** Runs the pipeline without recording it. @throws DeepwrightError `PIPELINE_FAILED`; an aborted signal throws its reason */
export async function runUnrecorded(
  cwd: string,
  env: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal | undefined,
): Promise<void> {
  signal?.throwIfAborted();
  const child = spawn(process.execPath, ["pipeline.mjs"], { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  const stop = (): void => void child.kill("SIGTERM");
  signal?.addEventListener("abort", stop);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output = (output + text).slice(-4000);
    });
  }
  try {
    const [exitCode] = (await once(child, "close")) as [number | null];
    signal?.throwIfAborted();
    if (exitCode !== 0) throw pipelineFailed(exitCode, output);
  } finally {
    signal?.removeEventListener("abort", stop);
  }
}

export function pipelineFailed(exitCode: number | null, output: string): DeepwrightError {
  return new DeepwrightError({
    code: "PIPELINE_FAILED",
    kind: "unavailable",
    expected: "the valuation pipeline to end with 0",
    got: `${exitCode ?? "a signal"}: ${output.trim().split("\n").slice(-6).join(" | ")}`,
    todo: "Read its message; it needs node, and python3 or the embedded one.",
  });
}
