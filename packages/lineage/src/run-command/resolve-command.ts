import { accessSync, constants, statSync } from "node:fs";
import { delimiter, isAbsolute, join, resolve } from "node:path";
import { DeepwrightError } from "@deepwright/core";

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/**
 * The file that would run for a command, found as `execvp` does.
 *
 * @throws DeepwrightError `COMMAND_NOT_FOUND` when there is none, `INVALID_COMMAND` when the command is empty
 */
export function resolveCommand(
  command: readonly string[],
  workingDirectory: string,
  environment: Readonly<Record<string, string | undefined>>,
): string {
  const program = command[0];
  if (program === undefined || program === "" || command.some((word) => word.includes("\0"))) {
    throw new DeepwrightError({
      code: "INVALID_COMMAND",
      expected: "a command to run, without NUL bytes",
      got: program === undefined ? "none" : JSON.stringify(command.join(" ").slice(0, 80)),
      todo: "Write it behind two dashes: `deepwright run -- python train.py`.",
    });
  }
  const isPath = program.includes("/") || isAbsolute(program);
  const folders = isPath ? [""] : (environment.PATH ?? "/usr/local/bin:/usr/bin:/bin").split(delimiter);
  for (const folder of folders) {
    const candidate = isPath ? resolve(workingDirectory, program) : join(resolve(workingDirectory, folder), program);
    if (isExecutable(candidate)) return candidate;
  }
  throw new DeepwrightError({
    code: "COMMAND_NOT_FOUND",
    kind: "not-found",
    expected: isPath ? "an executable file" : "a program on the PATH",
    got: JSON.stringify(program),
    todo: "Check its spelling, or give its path; nothing was recorded.",
  });
}

/** The error for a file that is executable by its mode and yet is refused by the operating system. */
export function commandNotRunnable(executable: string, cause: unknown): DeepwrightError {
  return new DeepwrightError({
    code: "COMMAND_NOT_RUNNABLE",
    expected: "a program that this computer can run",
    got: `${JSON.stringify(executable)} (${cause instanceof Error ? cause.message : String(cause)})`,
    todo: "Check its format, its first line (#!) and the working directory; nothing was recorded.",
    cause,
  });
}
