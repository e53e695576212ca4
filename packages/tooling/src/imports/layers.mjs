const foundation = ["core", "stats", "engines", "store"];
const everyPackage = [
  ...foundation,
  ...["lineage", "data-tests", "trainer", "monitor", "estimator", "privacy", "client", "deepwright"],
];

/**
 * Who may import whom: `core <- stats <- engines, store <- the six <- client, deepwright <- apps`. The six (lineage,
 * data-tests, privacy, estimator, trainer, monitor) never import each other, so that a team adopts only what it needs;
 * they meet through interfaces of core.
 *
 * @type {Readonly<Record<string, readonly string[]>>}
 */
export const layers = {
  "packages/core": [],
  "packages/stats": packages(["core"]),
  "packages/engines": packages(["core", "stats"]),
  "packages/store": packages(["core", "stats"]),
  "packages/lineage": packages(foundation),
  "packages/data-tests": packages(foundation),
  "packages/trainer": packages(foundation),
  "packages/monitor": packages(foundation),
  "packages/estimator": packages(foundation),
  "packages/privacy": packages(foundation),
  "packages/client": packages(["core"]),
  "packages/deepwright": packages(everyPackage.filter((name) => name !== "deepwright" && name !== "client")),
  "apps/web": packages(["core", "client"]),
  "apps/gateway": [...packages(everyPackage), "apps/web"],
  "apps/case-studies": packages(everyPackage),
  "apps/bench": [...packages(everyPackage), "apps/gateway", "apps/case-studies"],
  "packages/tooling": [],
};

/** @param {readonly string[]} names */
function packages(names) {
  return names.map((name) => `packages/${name}`);
}

/**
 * What is heavy or optional, and may therefore only be reached through a dynamic import from an entry point, so that
 * importing a package never loads what the user has not asked for.
 *
 * @type {readonly string[]}
 */
export const lazyModules = [
  ...["@duckdb/node-api", "apache-arrow", "pg", "@electric-sql/pglite", "@grpc/grpc-js", "@grpc/proto-loader"],
  ...["drizzle-orm/node-postgres", "drizzle-orm/pglite", "@tensorflow/tfjs", "@tensorflow/tfjs-node", "node-seal"],
];

/** Lazy everywhere except behind the entry point `./graphql`. */
export const graphqlModules = ["graphql", "dataloader"];
