import { spawn } from "node:child_process";
import { once } from "node:events";
import { DeepwrightError, type RunId } from "@deepwright/core";
import { type Lineage, type RecordCommandOptions, recordCommand, type StoreLocation } from "@deepwright/lineage";

export interface PipelineOptions {
  readonly root: string;
  readonly databaseUri: string;
  readonly lineage: Lineage;
  readonly location: StoreLocation;
  readonly project: string;
  readonly objective: NonNullable<RecordCommandOptions["objective"]>;
  readonly signal: AbortSignal | undefined;
}

/** Runs the pipeline that lies in a work tree. */
export class Pipeline {
  constructor(private readonly options: PipelineOptions) {}

  /** What the pipeline needs beside the variables of this process. */
  get environment(): Readonly<Record<string, string>> {
    return { DATABASE_URL: this.options.databaseUri };
  }

  /**
   * Runs once as `deepwright run` does, and waits until the run is stored.
   *
   * @throws DeepwrightError `PIPELINE_FAILED`; an aborted signal throws its reason
   */
  async record(seed: number): Promise<RunId> {
    const { root, lineage, location, project, objective, signal } = this.options;
    signal?.throwIfAborted();
    let output = "";
    const recorded = await recordCommand({
      command: [process.execPath, "pipeline.mjs", `train.seed=${seed}`],
      cwd: root,
      env: { ...process.env, ...this.environment },
      store: location,
      project,
      name: `valuation, seed ${seed}`,
      config: ["pipeline.toml"],
      objective,
      stdio: (chunk) => {
        output = lastOf(output + chunk.toString("utf8"));
      },
      deliverTo: lineage.runs,
      signal,
    });
    signal?.throwIfAborted();
    if (recorded.status !== "finished") throw pipelineFailed(recorded.exitCode, output);
    return recorded.runId;
  }

  /** Runs once without a record, as the nightly job does. @throws as {@link Pipeline.record} */
  async runUnrecorded(): Promise<void> {
    const { root, signal } = this.options;
    signal?.throwIfAborted();
    const env = { ...process.env, ...this.environment };
    const child = spawn(process.execPath, ["pipeline.mjs"], { cwd: root, env, stdio: ["ignore", "pipe", "pipe"] });
    const stop = (): void => void child.kill("SIGTERM");
    signal?.addEventListener("abort", stop);
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        output = lastOf(output + text);
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
}

const lastOf = (text: string): string => text.slice(-4000);

function pipelineFailed(exitCode: number | null, output: string): DeepwrightError {
  return new DeepwrightError({
    code: "PIPELINE_FAILED",
    kind: "unavailable",
    expected: "the valuation pipeline to end with 0",
    got: `${exitCode ?? "a signal"}: ${output.trim().split("\n").slice(-6).join(" | ")}`,
    todo: "Read its message; it needs node, and python3 or the embedded one.",
  });
}
