import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCommand } from "../setup/command.mjs";

const compilerOptions = [
  ...["--target", "es2022", "--module", "nodenext", "--strict", "--skipLibCheck", "--types", "node"],
  ...["--noEmitOnError", "--ignoreConfig"],
];

/**
 * Compiles an example, strictly, as a file of the package at `folder` and runs it in an empty working directory.
 *
 * @param {string} code TypeScript
 * @param {{ folder: string, name: string, environment?: Record<string, string | undefined> }} options
 *   `folder` is where `import` begins to look; `name` is that of the file
 * @returns {Promise<string[]>} the lines it printed to standard output
 * @throws {Error} with the output of the compiler or of the example, when one fails
 */
export async function runExample(code, { folder, name, environment = {} }) {
  const directory = join(folder, ".cache", "readme", name);
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  const source = join(directory, "example.ts");
  writeFileSync(source, code);
  const compiled = await runCommand("tsc", [...compilerOptions, source], { cwd: directory });
  if (compiled.exitCode !== 0) throw new Error(`The example does not compile:\n${compiled.output}`);
  const workingDirectory = mkdtempSync(join(tmpdir(), "deepwright-example-"));
  try {
    const program = join(directory, "example.js");
    const ran = await runCommand(process.execPath, [program], { cwd: workingDirectory, environment });
    if (ran.exitCode !== 0) throw new Error(`The example ended with ${ran.exitCode}:\n${ran.output}`);
    return ran.stdout === "" ? [] : ran.stdout.replace(/\n$/, "").split("\n");
  } finally {
    rmSync(workingDirectory, { recursive: true, force: true });
  }
}
