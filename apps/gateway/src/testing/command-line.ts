import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const program = join(dirname(createRequire(import.meta.url).resolve("deepwright")), "bin.js");

export interface Ended {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

/** The installed command line in a folder of its own, as a user has it who sets the variables. */
export class CommandLine {
  readonly path = mkdtempSync(join(tmpdir(), "deepwright-command-"));
  readonly directory = join(this.path, ".deepwright");

  deepwright(variables: Readonly<Record<string, string>>, ...words: readonly string[]): Promise<Ended> {
    return this.node(variables, program, ...words);
  }

  /** Runs Node with nothing of the caller's settings of Deepwright. */
  node(variables: Readonly<Record<string, string>>, ...words: readonly string[]): Promise<Ended> {
    const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith("DEEPWRIGHT_"));
    const env = { ...Object.fromEntries(inherited), DEEPWRIGHT_DIRECTORY: this.directory, ...variables };
    return new Promise((resolve) => {
      const child = execFile(process.execPath, [...words], { cwd: this.path, env }, (_, output, errors) =>
        resolve({ code: child.exitCode ?? -1, output, errors }),
      );
    });
  }

  end(): void {
    rmSync(this.path, { recursive: true, force: true, maxRetries: 5 });
  }
}
