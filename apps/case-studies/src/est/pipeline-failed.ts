import { DeepwrightError } from "@deepwright/core";

export function pipelineFailed(exitCode: number | null, output: string): DeepwrightError {
  return new DeepwrightError({
    code: "PIPELINE_FAILED",
    kind: "unavailable",
    expected: "the valuation pipeline to end with 0",
    got: `${exitCode ?? "a signal"}: ${output.trim().split("\n").slice(-6).join(" | ")}`,
    todo: "Read its message; it needs node, and python3 or the embedded one.",
  });
}
