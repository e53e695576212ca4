import { execFile } from "node:child_process";

export interface ProgramOptions {
  readonly cwd?: string;
  readonly timeoutMs?: number;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** Output of a short program; `null` when it is missing, fails or takes too long. Never throws. */
export function runProgram(
  program: string,
  words: readonly string[],
  options: ProgramOptions = {},
): Promise<Buffer | null> {
  return new Promise((resolve) => {
    const settings = {
      cwd: options.cwd,
      timeout: options.timeoutMs ?? 10_000,
      killSignal: "SIGKILL" as const,
      maxBuffer: 512 * 1024 * 1024,
      encoding: "buffer" as const,
      env: (options.env ?? process.env) as NodeJS.ProcessEnv,
    };
    try {
      execFile(program, [...words], settings, (error, stdout) => resolve(error ? null : stdout));
    } catch {
      resolve(null);
    }
  });
}
