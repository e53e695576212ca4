import { spawn } from "node:child_process";
import { delimiter, join } from "node:path";
import { root } from "./workspace.mjs";

/**
 * @typedef {object} CommandResult
 * @property {number} exitCode 127 when the program does not exist, 128 when a signal ended it
 * @property {string} stdout
 * @property {string} stderr
 * @property {string} output both, in the order in which they came
 */

const programFolders = ["node_modules/.bin", "packages/tooling/node_modules/.bin"].map((path) => join(root, path));

/** What every child gets: the repository's own programs first, and no telemetry, remote cache or color codes. */
export function commandEnvironment() {
  return {
    ...process.env,
    PATH: [...programFolders, process.env.PATH].join(delimiter),
    DO_NOT_TRACK: "1",
    TURBO_TELEMETRY_DISABLED: "1",
    TURBO_NO_UPDATE_NOTIFIER: "1",
    NO_COLOR: "1",
    FORCE_COLOR: undefined,
  };
}

/**
 * Runs a program to its end.
 *
 * @param {string} program
 * @param {readonly string[]} parameters
 * @param {{ cwd?: string, environment?: Record<string, string | undefined>, show?: boolean }} [options]
 *   `show`: also pass the output on while it comes
 * @returns {Promise<CommandResult>}
 */
export function runCommand(program, parameters, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, parameters, {
      cwd: options.cwd ?? root,
      env: { ...commandEnvironment(), ...options.environment },
      stdio: ["ignore", "pipe", "pipe"],
      shell: process.platform === "win32",
    });
    const result = { exitCode: 0, stdout: "", stderr: "", output: "" };
    child.stdout.setEncoding("utf8").on("data", (text) => {
      result.stdout += text;
      result.output += text;
      if (options.show) process.stdout.write(text);
    });
    child.stderr.setEncoding("utf8").on("data", (text) => {
      result.stderr += text;
      result.output += text;
      if (options.show) process.stderr.write(text);
    });
    child.on("error", (error) => resolve({ ...result, exitCode: 127, output: `${program}: ${error.message}` }));
    child.on("close", (exitCode) => resolve({ ...result, exitCode: exitCode ?? 128 }));
  });
}

/**
 * A program of npm itself (`npm`, `npx`), the one that runs this script where there is one.
 *
 * @param {readonly string[]} parameters of npm
 * @returns {[program: string, parameters: string[]]}
 */
export function npmCommand(parameters) {
  const executable = process.env.npm_execpath;
  return executable && /npm-cli\.c?js$/.test(executable)
    ? [process.execPath, [executable, ...parameters]]
    : ["npm", [...parameters]];
}
