import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { DeepwrightError, sha256 } from "@deepwright/core";
import { runProgram } from "../capture/run-program.js";
import type { RunPlan } from "./revert/plan.js";

export interface PackageOptions {
  /** Folders that hold packages as `<name>@<version>`; looked in before a registry is asked. */
  readonly sources: readonly string[];
  /** Where packages of earlier re-runs are kept. */
  readonly cache: string;
}

/**
 * Puts other versions of Node packages in front of those that the run used: `node_modules` of the copy becomes a folder of
 * links, with the other version in place.
 *
 * @throws DeepwrightError `PACKAGE_NOT_AVAILABLE`
 */
export async function replaceNodePackages(
  directory: string,
  workingDirectory: string,
  packages: ReadonlyMap<string, string>,
  options: PackageOptions,
): Promise<void> {
  for (const [name, version] of packages) {
    const target = await nodePackage(name, version, options);
    let folder = join(directory, workingDirectory);
    while (!existsSync(join(folder, "node_modules", name)) && relative(directory, folder) !== "")
      folder = dirname(folder);
    const modules = join(folder, "node_modules");
    await unfold(modules);
    if (name.includes("/")) await unfold(join(modules, dirname(name)));
    await rm(join(modules, name), { recursive: true, force: true });
    await symlink(target, join(modules, name));
  }
}

/** Turns a link to a folder into a folder of links to its entries. */
async function unfold(path: string): Promise<void> {
  const { lstat, realpath } = await import("node:fs/promises");
  const state = await lstat(path).catch(() => null);
  if (state === null) await mkdir(path, { recursive: true });
  if (!state?.isSymbolicLink()) return;
  const real = await realpath(path);
  await rm(path);
  await mkdir(path);
  for (const entry of await readdir(real)) await symlink(join(real, entry), join(path, entry));
}

async function nodePackage(name: string, version: string, { sources, cache }: PackageOptions): Promise<string> {
  for (const source of sources) {
    const folder = join(source, `${name}@${version}`);
    if (existsSync(folder)) return folder;
  }
  const home = join(cache, "node", `${name.replaceAll("/", "+")}@${version}`);
  const installed = join(home, "node_modules", name);
  if (existsSync(installed)) return installed;
  const partial = `${home}.${process.pid}`;
  await mkdir(partial, { recursive: true });
  await writeFile(join(partial, "package.json"), '{ "private": true }\n');
  const words = ["install", "--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund", `${name}@${version}`];
  const done = await runProgram("npm", words, { cwd: partial, timeoutMs: 300_000 });
  if (done === null) {
    await rm(partial, { recursive: true, force: true });
    throw notAvailable(`${name}@${version}`, "npm");
  }
  await rename(partial, home).catch(() => rm(partial, { recursive: true, force: true }));
  return installed;
}

/**
 * Makes a virtual environment over the run's own, with other versions of Python packages in front.
 *
 * @returns the folder of its programs
 * @throws DeepwrightError `PACKAGE_NOT_AVAILABLE`
 */
export async function pythonEnvironment(
  executable: string,
  packages: RunPlan["packages"]["python"],
  { cache }: PackageOptions,
): Promise<string> {
  const wanted = [...packages].map(([name, version]) => `${name}==${version}`).sort();
  const home = join(cache, "python", sha256(JSON.stringify([executable, wanted])).slice(0, 16));
  const marker = join(home, "complete");
  if (existsSync(marker)) return join(home, "bin");
  await rm(home, { recursive: true, force: true });
  const python = join(home, "bin", "python");
  const made = await runProgram(executable, ["-m", "venv", "--system-site-packages", home], { timeoutMs: 120_000 });
  const paths = made && (await runProgram(executable, ["-c", "import json, sys; print(json.dumps(sys.path))"]));
  const own = made && (await runProgram(python, ["-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]));
  // The run's own environment may be a virtual one as well: its packages come after those of this one.
  if (paths && own) {
    const lines = (JSON.parse(paths.toString("utf8")) as string[]).filter((path) => path.includes("-packages"));
    await writeFile(join(own.toString("utf8").trim(), "deepwright-run.pth"), `${lines.join("\n")}\n`);
  }
  const words = ["-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--no-deps", ...wanted];
  const installed = made && (await runProgram(python, words, { timeoutMs: 600_000 }));
  if (!installed) {
    await rm(home, { recursive: true, force: true });
    throw notAvailable(wanted.join(", "), "pip");
  }
  await writeFile(marker, "");
  return join(home, "bin");
}

function notAvailable(what: string, client: string): DeepwrightError {
  return new DeepwrightError({
    code: "PACKAGE_NOT_AVAILABLE",
    kind: "unavailable",
    expected: `${client} to install ${what}`,
    got: "a failure",
    todo: "Check the registry, or give a folder that holds the package.",
  });
}
