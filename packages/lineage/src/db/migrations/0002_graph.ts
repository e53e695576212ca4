import type { Migration } from "@deepwright/store";

/** Made from `registry-tables.ts` by `drizzle-kit generate`; by hand: the index that cycle search reads edges by. */
export const graphMigration: Migration = {
  name: "0002_graph",
  sql: `
CREATE TABLE "lineage_feature" (
  "id" uuid PRIMARY KEY NOT NULL,
  "project_id" uuid NOT NULL,
  "name" text NOT NULL,
  "owner" text DEFAULT '' NOT NULL,
  "status" text NOT NULL,
  "description" text DEFAULT '' NOT NULL,
  "source_dataset_id" uuid,
  "source_column" text,
  "declared" boolean NOT NULL,
  CONSTRAINT "lineage_feature_name" UNIQUE("project_id","name")
);

CREATE TABLE "lineage_model" (
  "id" uuid PRIMARY KEY NOT NULL,
  "project_id" uuid NOT NULL,
  "name" text NOT NULL,
  "gates_json" text DEFAULT '[]' NOT NULL,
  "rollback_count" integer DEFAULT 0 NOT NULL,
  CONSTRAINT "lineage_model_name" UNIQUE("project_id","name")
);

CREATE TABLE "lineage_model_version" (
  "id" uuid PRIMARY KEY NOT NULL,
  "model_id" uuid NOT NULL,
  "version" integer NOT NULL,
  "run_id" uuid,
  "description" text DEFAULT '' NOT NULL,
  "created_at_ms" bigint NOT NULL,
  CONSTRAINT "lineage_model_version_number" UNIQUE("model_id","version")
);
CREATE INDEX "lineage_model_version_run" ON "lineage_model_version" USING btree ("run_id");

CREATE TABLE "lineage_model_alias" (
  "model_id" uuid NOT NULL,
  "alias" text NOT NULL,
  "version" integer NOT NULL,
  "changed_at_ms" bigint NOT NULL,
  CONSTRAINT "lineage_model_alias_model_id_alias_pk" PRIMARY KEY("model_id","alias")
);

CREATE TABLE "lineage_deployment" (
  "id" uuid PRIMARY KEY NOT NULL,
  "project_id" uuid NOT NULL,
  "model_version_id" uuid NOT NULL,
  "environment" text NOT NULL,
  "url" text DEFAULT '' NOT NULL,
  "active" boolean NOT NULL,
  "started_at_ms" bigint NOT NULL
);
CREATE INDEX "lineage_deployment_project" ON "lineage_deployment" USING btree ("project_id","started_at_ms");

CREATE TABLE "lineage_consumer" (
  "id" uuid PRIMARY KEY NOT NULL,
  "project_id" uuid NOT NULL,
  "name" text NOT NULL,
  "owner" text NOT NULL,
  "contact" text DEFAULT '' NOT NULL,
  "purpose" text DEFAULT '' NOT NULL,
  CONSTRAINT "lineage_consumer_name" UNIQUE("project_id","name")
);

CREATE INDEX "lineage_edge_project" ON "lineage_edge" USING btree ("project_id","relation");
`,
};
