import { cpSync, existsSync, mkdirSync, symlinkSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { root, workspacePackages } from "../setup/workspace.mjs";

const leftOut = new Set(["node_modules", ".cache", ".turbo", ".deepwright", "coverage", "test-summary.json"]);

/**
 * Copies what a release reads into an empty folder: the built public packages, the changesets and the root files. The
 * packages of the workspace are linked to each other as an installation would do it, third-party ones are left out.
 *
 * @param {string} directory an empty folder
 */
export function copyForRelease(directory) {
  for (const name of ["package.json", "pnpm-workspace.yaml", "pnpm-lock.yaml", "LICENSE", ".changeset"]) {
    cpSync(join(root, name), join(directory, name), { recursive: true });
  }
  const workspace = workspacePackages();
  for (const { folder, path, isPublic } of workspace) {
    if (isPublic) {
      cpSync(folder, join(directory, path), { recursive: true, filter: (source) => !leftOut.has(basename(source)) });
    } else {
      mkdirSync(join(directory, path), { recursive: true });
      cpSync(join(folder, "package.json"), join(directory, path, "package.json"));
    }
  }
  for (const { path, manifest } of workspace) {
    for (const dependency of Object.keys({ ...manifest.dependencies, ...manifest.devDependencies })) {
      const target = workspace.find(({ name }) => name === dependency);
      const link = join(directory, path, "node_modules", dependency);
      if (!target || existsSync(link)) continue;
      mkdirSync(dirname(link), { recursive: true });
      symlinkSync(join(directory, target.path), link, "junction");
    }
  }
}
