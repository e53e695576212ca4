import { bigint, boolean, index, integer, pgTable, primaryKey, text, unique, uuid } from "drizzle-orm/pg-core";

/** Milliseconds since 1970, whole. */
const milliseconds = (name: string) => bigint(name, { mode: "number" });

export const featureTable = pgTable(
  "lineage_feature",
  {
    id: uuid("id").primaryKey(),
    projectId: uuid("project_id").notNull(),
    name: text("name").notNull(),
    /** Empty while a model uses the feature and no one has declared it. */
    owner: text("owner").notNull().default(""),
    status: text("status").notNull(),
    description: text("description").notNull().default(""),
    sourceDatasetId: uuid("source_dataset_id"),
    sourceColumn: text("source_column"),
    declared: boolean("declared").notNull(),
  },
  (table) => [unique("lineage_feature_name").on(table.projectId, table.name)],
);

export const modelTable = pgTable(
  "lineage_model",
  {
    id: uuid("id").primaryKey(),
    projectId: uuid("project_id").notNull(),
    name: text("name").notNull(),
    gatesJson: text("gates_json").notNull().default("[]"),
    rollbackCount: integer("rollback_count").notNull().default(0),
  },
  (table) => [unique("lineage_model_name").on(table.projectId, table.name)],
);

export const modelVersionTable = pgTable(
  "lineage_model_version",
  {
    id: uuid("id").primaryKey(),
    modelId: uuid("model_id").notNull(),
    /** 1, 2, 3, ... within the model. */
    version: integer("version").notNull(),
    runId: uuid("run_id"),
    description: text("description").notNull().default(""),
    createdAtMs: milliseconds("created_at_ms").notNull(),
  },
  (table) => [
    unique("lineage_model_version_number").on(table.modelId, table.version),
    index("lineage_model_version_run").on(table.runId),
  ],
);

export const modelAliasTable = pgTable(
  "lineage_model_alias",
  {
    modelId: uuid("model_id").notNull(),
    alias: text("alias").notNull(),
    version: integer("version").notNull(),
    changedAtMs: milliseconds("changed_at_ms").notNull(),
  },
  (table) => [primaryKey({ columns: [table.modelId, table.alias] })],
);

export const deploymentTable = pgTable(
  "lineage_deployment",
  {
    id: uuid("id").primaryKey(),
    projectId: uuid("project_id").notNull(),
    modelVersionId: uuid("model_version_id").notNull(),
    environment: text("environment").notNull(),
    url: text("url").notNull().default(""),
    active: boolean("active").notNull(),
    startedAtMs: milliseconds("started_at_ms").notNull(),
  },
  (table) => [index("lineage_deployment_project").on(table.projectId, table.startedAtMs)],
);

export const consumerTable = pgTable(
  "lineage_consumer",
  {
    id: uuid("id").primaryKey(),
    projectId: uuid("project_id").notNull(),
    name: text("name").notNull(),
    owner: text("owner").notNull(),
    contact: text("contact").notNull().default(""),
    purpose: text("purpose").notNull().default(""),
  },
  (table) => [unique("lineage_consumer_name").on(table.projectId, table.name)],
);
