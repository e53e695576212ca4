import {
  bigint,
  boolean,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uuid,
} from "drizzle-orm/pg-core";

/** Milliseconds since 1970, whole. */
const milliseconds = (name: string) => bigint(name, { mode: "number" });

export const projectTable = pgTable("lineage_project", {
  id: uuid("id").primaryKey(),
  name: text("name").notNull().unique(),
  createdAtMs: milliseconds("created_at_ms").notNull(),
});

/** How far the log of each sender has been applied; moved in the same statement as what the log says. */
export const sourceTable = pgTable("lineage_source", {
  id: text("id").primaryKey(),
  previousPosition: bigint("previous_position", { mode: "number" }).notNull(),
  position: bigint("position", { mode: "number" }).notNull(),
  updatedAtMs: milliseconds("updated_at_ms").notNull(),
});

/** One row a run. Columns `*_json` hold text written by `stringifyJson`, which keeps NaN and infinities. */
export const runTable = pgTable(
  "lineage_run",
  {
    id: uuid("id").primaryKey(),
    projectId: uuid("project_id")
      .notNull()
      .references(() => projectTable.id),
    name: text("name").notNull(),
    status: text("status").notNull(),
    purpose: text("purpose").notNull(),
    commandJson: text("command_json").notNull(),
    startedAtMs: milliseconds("started_at_ms").notNull(),
    endedAtMs: milliseconds("ended_at_ms"),
    /** Wall time of the command alone. Unit: milliseconds, whole. */
    durationMs: milliseconds("duration_ms"),
    /** When the receiver last heard of the run, by the receiver's clock. */
    heartbeatAtMs: milliseconds("heartbeat_at_ms").notNull(),
    exitCode: integer("exit_code"),
    signal: text("signal"),
    locationJson: text("location_json").notNull(),
    objectiveJson: text("objective_json"),
    parentRunId: uuid("parent_run_id"),
    recipeJson: text("recipe_json"),
    /** Root hash of each component's tree in `lineage_tree_node`. */
    hardwareRoot: text("hardware_root"),
    platformRoot: text("platform_root"),
    sourceRoot: text("source_root"),
    configurationRoot: text("configuration_root"),
    dataRoot: text("data_root"),
    modelRoot: text("model_root"),
    tags: jsonb("tags").$type<Record<string, string>>().notNull().default({}),
    note: text("note").notNull().default(""),
    archived: boolean("archived").notNull().default(false),
  },
  (table) => [
    index("lineage_run_project_started").on(table.projectId, table.startedAtMs, table.id),
    index("lineage_run_started").on(table.startedAtMs, table.id),
    index("lineage_run_tags").using("gin", table.tags.op("jsonb_path_ops")),
    index("lineage_run_parent").on(table.parentRunId),
  ],
);

/** Leaves of the configuration component, for filters; the other components are filtered through their trees. */
export const configurationLeafTable = pgTable(
  "lineage_configuration_leaf",
  {
    runId: uuid("run_id").notNull(),
    /** The leaf's path, shortened by `indexKey` when it is long. */
    path: text("path").notNull(),
    /** The path without its first segments, joined by dots: `model.rate` of `files/config.yaml/model/rate`. */
    name: text("name").notNull(),
    /** The value as text, shortened by `indexKey` when it is long. */
    valueText: text("value_text").notNull(),
    /** The value as a number where it is one or reads as one. */
    valueNumber: doublePrecision("value_number"),
  },
  (table) => [
    primaryKey({ columns: [table.runId, table.path] }),
    index("lineage_configuration_leaf_name").on(table.name, table.valueText),
    index("lineage_configuration_leaf_name_number").on(table.name, table.valueNumber),
    index("lineage_configuration_leaf_path").on(table.path, table.valueText),
  ],
);

/** Nodes of the component trees by the hash of their content, shared by all runs; never changed, never removed. */
export const treeNodeTable = pgTable("lineage_tree_node", {
  hash: text("hash").primaryKey(),
  body: text("body").notNull(),
});

/** Events that could not be applied: their run has not started yet (`RUN_NOT_FOUND`), or they are invalid. */
export const orphanEventTable = pgTable(
  "lineage_orphan_event",
  {
    sourceId: text("source_id").notNull(),
    sequence: bigint("sequence", { mode: "number" }).notNull(),
    runId: text("run_id").notNull(),
    code: text("code").notNull(),
    message: text("message").notNull(),
    eventJson: text("event_json").notNull(),
    receivedAtMs: milliseconds("received_at_ms").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.sourceId, table.sequence] }),
    index("lineage_orphan_event_run").on(table.runId),
  ],
);
