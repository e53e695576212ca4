import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCommand } from "../setup/command.mjs";
import { workspacePackages } from "../setup/workspace.mjs";

/**
 * Packs every public package and checks the tarball: that its entry points exist and are what they say (publint), and
 * that TypeScript finds types for each (are-the-types-wrong).
 *
 * @type {import("./gate.mjs").Gate}
 */
export const packages = {
  name: "packed packages (publint, are-the-types-wrong)",
  async run() {
    const folder = mkdtempSync(join(tmpdir(), "deepwright-packed-"));
    let passed = 0;
    const failures = [];
    try {
      for (const workspacePackage of workspacePackages().filter(({ isPublic }) => isPublic)) {
        const problem = await checkTarball(workspacePackage, folder);
        if (problem === undefined) passed += 1;
        else failures.push(`${workspacePackage.name}: ${problem}`);
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    return { passed, failed: failures.length, failures };
  },
};

/**
 * @param {import("../setup/workspace.mjs").WorkspacePackage} workspacePackage
 * @param {string} folder where the tarball may lie
 * @returns {Promise<string | undefined>} what is wrong
 */
async function checkTarball({ name, folder: cwd }, folder) {
  const tarball = join(folder, `${name.replace(/[@/]/g, "-")}.tgz`);
  const packed = await runCommand("pnpm", ["pack", "--out", tarball], { cwd });
  if (packed.exitCode !== 0) return packed.output;
  const linted = await runCommand("publint", ["run", tarball, "--strict"]);
  if (linted.exitCode !== 0) return linted.output;
  const typed = await runCommand("attw", [tarball, "--profile", "esm-only", "--format", "ascii"]);
  return typed.exitCode === 0 ? undefined : typed.output;
}
