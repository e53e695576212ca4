import { bigint, index, pgTable, primaryKey, text, unique, uuid } from "drizzle-orm/pg-core";

/**
 * Edges of the lineage graph, in the direction in which content flows: `from` is upstream, `to` depends on it. Ingest
 * adds dataset-version -> run (`input`), run -> dataset-version (`output`) and dataset -> dataset-version (`version`).
 */
export const edgeTable = pgTable(
  "lineage_edge",
  {
    fromKind: text("from_kind").notNull(),
    fromId: uuid("from_id").notNull(),
    toKind: text("to_kind").notNull(),
    toId: uuid("to_id").notNull(),
    relation: text("relation").notNull(),
    projectId: uuid("project_id").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.fromId, table.toId, table.relation] }),
    index("lineage_edge_to").on(table.toId, table.fromId),
  ],
);

export const datasetTable = pgTable(
  "lineage_dataset",
  {
    id: uuid("id").primaryKey(),
    projectId: uuid("project_id").notNull(),
    name: text("name").notNull(),
    /** Where it was last seen. */
    uri: text("uri").notNull(),
    createdAtMs: bigint("created_at_ms", { mode: "number" }).notNull(),
  },
  (table) => [unique("lineage_dataset_name").on(table.projectId, table.name)],
);

/** Content of a data set that some run saw; equal content is one version, wherever it lay. */
export const datasetVersionTable = pgTable(
  "lineage_dataset_version",
  {
    id: uuid("id").primaryKey(),
    datasetId: uuid("dataset_id").notNull(),
    /** Hash over rows, order and schema of the fingerprint (over all of it when it has none of them). */
    fingerprintHash: text("fingerprint_hash").notNull(),
    fingerprintJson: text("fingerprint_json").notNull(),
    uri: text("uri").notNull(),
    createdAtMs: bigint("created_at_ms", { mode: "number" }).notNull(),
  },
  (table) => [unique("lineage_dataset_version_fingerprint").on(table.datasetId, table.fingerprintHash)],
);
