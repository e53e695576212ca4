import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { cruise } from "dependency-cruiser";
import { workspacePackages } from "../setup/workspace.mjs";

/**
 * @typedef {import("dependency-cruiser").IModule} Module
 * @typedef {import("dependency-cruiser").IViolation} Violation
 */

const sourceFile = /\.(?:ts|tsx|mts|js|mjs)$/;

/**
 * Reads every import of the packages' source folders and holds it against the rules.
 *
 * @param {string} directory root of the monorepo
 * @param {import("dependency-cruiser").IFlattenedRuleSet} ruleSet
 * @returns {Promise<{ modules: Module[], violations: Violation[], missing: string[] }>} `missing`: source files
 *   that the reader did not see, which it does in silence when it has no TypeScript compiler that it can call
 */
export async function readImportGraph(directory, ruleSet) {
  const folders = workspacePackages(directory)
    .map(({ path }) => `${path}/src`)
    .filter((path) => existsSync(join(directory, path)));
  const report = await cruise(folders, {
    baseDir: directory,
    ruleSet,
    validate: true,
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules|/dist/" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "types", "node", "default"],
      extensions: [".ts", ".tsx", ".mts", ".js", ".mjs", ".d.ts", ".d.mts"],
    },
  });
  if (typeof report.output === "string") throw new Error("dependency-cruiser gave a report in another format.");
  const seen = new Set(report.output.modules.map(({ source }) => source));
  const missing = folders.flatMap((folder) => sourceFiles(directory, folder)).filter((file) => !seen.has(file));
  return { modules: report.output.modules, violations: report.output.summary.violations, missing };
}

/**
 * @param {string} directory
 * @param {string} folder
 * @returns {string[]}
 */
function sourceFiles(directory, folder) {
  return readdirSync(join(directory, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && sourceFile.test(entry.name))
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(directory.length + 1)
        .replaceAll("\\", "/"),
    );
}
