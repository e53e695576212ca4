import { graphqlModules, lazyModules } from "./layers.mjs";

/**
 * @typedef {object} EntryPoint
 * @property {string} source such as `packages/lineage/src/graphql/index.ts`
 * @property {string} name such as `./graphql`
 */

/**
 * The entry points of a package, by the source files that they are built from.
 *
 * @param {{ path: string, manifest: Record<string, any> }} workspacePackage
 * @returns {EntryPoint[]}
 */
export function entryPoints({ path, manifest }) {
  const targets = Object.entries(manifest.exports ?? {}).map(([name, target]) => ({ name, file: target.default }));
  const programs = Object.entries(manifest.bin ?? {}).map(([name, file]) => ({ name: `bin ${name}`, file }));
  return [...targets, ...programs]
    .filter(({ file }) => typeof file === "string" && /^(?:\.\/)?dist\/.*\.js$/.test(file))
    .map(({ name, file }) => ({ name, source: builtFrom(`${path}/${file.replace("./", "")}`) }));
}

/**
 * Ways from an entry point to a heavy module through imports that run when the entry point is loaded.
 *
 * @param {readonly import("./graph.mjs").Module[]} modules
 * @param {readonly EntryPoint[]} entries
 * @returns {string[]} one line for each, with the files on the way
 */
export function eagerImports(modules, entries) {
  const bySource = new Map(modules.map((module) => [module.source, module]));
  /** @type {string[]} */
  const problems = [];
  for (const entry of entries) {
    const forbidden = entry.name === "./graphql" ? lazyModules : [...lazyModules, ...graphqlModules];
    const queue = [[entry.source]];
    const visited = new Set([entry.source]);
    for (let way = queue.shift(); way; way = queue.shift()) {
      const dependencies = bySource.get(way.at(-1) ?? "")?.dependencies ?? [];
      for (const { module: name, resolved, dynamic, dependencyTypes } of dependencies) {
        if (dynamic || dependencyTypes.includes("type-only")) continue;
        const next = builtFrom(resolved);
        if (forbidden.includes(name)) problems.push(`eager-import: ${[...way, name].join(" -> ")}`);
        else if (!visited.has(next)) {
          visited.add(next);
          queue.push([...way, next]);
        }
      }
    }
  }
  return problems;
}

/** @param {string} file `packages/x/dist/y.js` or `.d.ts` is built from `packages/x/src/y.ts` */
function builtFrom(file) {
  return file.replace(/^((?:packages|apps)\/[^/]+)\/dist\/(.*?)(?:\.d)?\.[jt]s$/, "$1/src/$2.ts");
}
