import { layers } from "./layers.mjs";

const testFile = "\\.test(?:-d)?\\.(?:support\\.)?(?:ts|tsx|mjs)$|/testing/";

/**
 * The import rules in the words of dependency-cruiser.
 *
 * @returns {import("dependency-cruiser").IFlattenedRuleSet}
 */
export function importRules() {
  const layerRules = Object.entries(layers).map(([path, allowed]) => ({
    name: `layer-of-${path.replace("/", "-")}`,
    severity: /** @type {const} */ ("error"),
    comment: `${path} may import ${allowed.join(", ") || "no other package"}.`,
    from: { path: `^${path}/` },
    to: { path: "^(?:packages|apps)/", pathNot: `^(?:${[path, "packages/tooling", ...allowed].join("|")})/` },
  }));
  return {
    forbidden: [
      ...layerRules,
      {
        name: "no-cycle",
        severity: "error",
        comment: "Files that import each other are one idea in two files; types may refer to each other.",
        from: {},
        to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
      },
      {
        name: "public-entry-points-only",
        severity: "error",
        comment: "Another package is imported by its name, never through its src folder.",
        from: { path: "^(packages|apps)/([^/]+)/" },
        to: { path: "^(?:packages|apps)/[^/]+/src/", pathNot: ["^$1/$2/", "^packages/tooling/"] },
      },
      {
        name: "tooling-in-tests-only",
        severity: "error",
        comment:
          "The tooling package is private: what is published can't import it. Benchmarks are not, and start servers.",
        from: { path: "^(?:packages|apps)/", pathNot: ["^packages/tooling/", "^apps/bench/", testFile] },
        to: { path: "^packages/tooling/" },
      },
      {
        name: "no-test-in-product",
        severity: "error",
        comment: "What is published can't import a test.",
        from: { pathNot: testFile },
        to: { path: "\\.test\\.(?:support\\.)?(?:ts|tsx|mjs)$" },
      },
      {
        name: "resolvable",
        severity: "error",
        comment: "The import leads to a file, once everything is installed and built.",
        from: {},
        to: { couldNotResolve: true },
      },
    ],
  };
}
