import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the monorepo, without a slash at the end. */
export const root = fileURLToPath(new URL("../../../../", import.meta.url)).replace(/[\\/]$/, "");

/**
 * @typedef {object} WorkspacePackage
 * @property {string} name
 * @property {string} folder absolute path
 * @property {string} path path from the root, with `/`
 * @property {boolean} isPublic published to a registry
 * @property {string | undefined} inConstruction what is missing before its gates count; `deepwright.inConstruction`
 * @property {Record<string, any>} manifest its package.json
 */

/**
 * The packages of the monorepo, sorted by path.
 *
 * @param {string} [directory] root of the monorepo to read
 * @returns {WorkspacePackage[]}
 */
export function workspacePackages(directory = root) {
  return ["apps", "packages"].flatMap((group) =>
    readdirSync(join(directory, group))
      .sort()
      .filter((name) => existsSync(join(directory, group, name, "package.json")))
      .map((name) => {
        const folder = join(directory, group, name);
        const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
        return {
          name: manifest.name,
          folder,
          path: `${group}/${name}`,
          isPublic: manifest.private !== true,
          inConstruction: manifest.deepwright?.inConstruction,
          manifest,
        };
      }),
  );
}

/**
 * The packages whose gates count. One in construction says so in its package.json, with what is missing, and is reported
 * as skipped by every gate.
 */
export function finishedPackages() {
  return workspacePackages().filter(({ inConstruction }) => inConstruction === undefined);
}

/** One line for each package that the gates skip. */
export function constructionNotes() {
  return workspacePackages().flatMap(({ name, inConstruction }) =>
    inConstruction === undefined ? [] : [`skipped: ${name} is in construction: ${inConstruction}`],
  );
}
