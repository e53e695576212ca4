import type { Migration } from "@deepwright/store";

/** Made from `run-tables.ts` by `drizzle-kit generate`. */
export const runDurationMigration: Migration = {
  name: "0003_run_duration",
  sql: `ALTER TABLE "lineage_run" ADD COLUMN "duration_ms" bigint;`,
};
