import { type ChildProcess, execFile } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Lineage } from "@deepwright/lineage";
import { type RunRecorder, type StartRunOptions, startRun } from "@deepwright/lineage/recorder";
import { main } from "./main.js";

export interface Ended {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

/** A folder with a store of its own, and the command line in it. */
export class TestFolder {
  readonly path = realpathSync(mkdtempSync(join(tmpdir(), "deepwright-cli-")));
  readonly store = `file:${join(this.path, ".deepwright")}`;
  /** Opened by a test that runs many commands: opening a database takes a second. */
  lineage: Lineage | undefined;

  /** Runs a command in this process. */
  async cli(...words: string[]): Promise<Ended> {
    let output = "";
    let errors = "";
    const environment = { ...process.env, DEEPWRIGHT_STORE: this.store, NO_COLOR: "1" };
    const streams = {
      stdout: { write: (text: string) => (output += text) },
      stderr: { write: (text: string) => (errors += text) },
      environment,
      workingDirectory: this.path,
    };
    const code = await main(words, streams, this.lineage);
    return { code, output, errors };
  }

  /** Runs the installed program as a process; `onErrors` hears what it writes on stderr and may send it a signal. */
  bin(words: readonly string[], onErrors?: (text: string, child: ChildProcess) => void): Promise<Ended> {
    const file = fileURLToPath(new URL("../dist/bin.js", import.meta.url));
    return new Promise((resolve) => {
      const child = execFile(
        process.execPath,
        [file, ...words],
        { cwd: this.path, env: { ...process.env, DEEPWRIGHT_STORE: this.store } },
        (_, output, errors) => resolve({ code: child.exitCode ?? -1, output, errors }),
      );
      child.stderr?.on("data", (chunk) => onErrors?.(String(chunk), child));
    });
  }

  write(name: string, text: string): string {
    writeFileSync(join(this.path, name), text);
    return join(this.path, name);
  }

  /** A run that is recorded and waits in the spool. */
  async record(options: StartRunOptions, fill: (run: RunRecorder) => unknown = () => undefined): Promise<string> {
    const place = { root: this.path, workingDirectory: this.path };
    const run = startRun({
      store: this.store,
      command: ["python", "train.py"],
      delivery: "none",
      ...place,
      ...options,
    });
    await fill(run);
    await run.finish();
    return run.runId;
  }

  async end(): Promise<void> {
    await this.lineage?.close();
    rmSync(this.path, { recursive: true, force: true, maxRetries: 5 });
  }
}
