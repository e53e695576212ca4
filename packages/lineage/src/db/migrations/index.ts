import type { PackageMigrations } from "@deepwright/store";
import { runsMigration } from "./0001_runs.js";
import { graphMigration } from "./0002_graph.js";
import { runDurationMigration } from "./0003_run_duration.js";

/** Everything that a database needs before `openLineage` works on it, oldest first. */
export const lineageMigrations: PackageMigrations = {
  package: "lineage",
  migrations: [runsMigration, graphMigration, runDurationMigration],
};
