import { existsSync } from "node:fs";
import { join } from "node:path";
import { workspacePackages } from "../setup/workspace.mjs";
import { eagerImports, entryPoints } from "./eager.mjs";
import { readImportGraph } from "./graph.mjs";
import { layers } from "./layers.mjs";
import { importRules } from "./rules.mjs";

/**
 * Holds the monorepo at `directory` against all import rules.
 *
 * @param {string} directory
 * @returns {Promise<{ moduleCount: number, problems: string[] }>}
 */
export async function checkImports(directory) {
  const workspace = workspacePackages(directory);
  const { modules, violations, missing } = await readImportGraph(directory, importRules());
  const problems = [
    ...missing.map((file) => `not-seen: ${file}`),
    ...workspace.filter(({ path }) => !(path in layers)).map(({ path }) => `no-layer: ${path} is in no layer`),
    ...violations.map(({ rule, from, to, cycle }) => {
      const way = cycle?.length ? [from, ...cycle.map(({ name }) => name)] : [from, to];
      return `${rule.name}: ${way.join(" -> ")}`;
    }),
  ];
  const entries = workspace.filter(({ isPublic }) => isPublic).flatMap(entryPoints);
  for (const { source } of entries) {
    if (!existsSync(join(directory, source))) problems.push(`no-source: no ${source} for an entry point`);
  }
  problems.push(...eagerImports(modules, entries));
  const moduleCount = modules.filter(({ source }) => /^(?:packages|apps)\/[^/]+\/src\//.test(source)).length;
  if (moduleCount === 0) problems.push("not-seen: dependency-cruiser saw 0 modules");
  return { moduleCount, problems };
}
