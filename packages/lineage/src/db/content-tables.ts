import { bigint, index, integer, pgTable, text } from "drizzle-orm/pg-core";
import { bytea } from "./bytea.js";

/** Content that components refer to, by git blob id. */
export const blobTable = pgTable("lineage_blob", {
  hash: text("hash").primaryKey(),
  sizeBytes: integer("size_bytes").notNull(),
  content: bytea("content").notNull(),
});

/** Facts of all packages about any entity; the body was checked by the schema registered for its kind. */
export const factTable = pgTable(
  "lineage_fact",
  {
    id: bigint("id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    entityKind: text("entity_kind").notNull(),
    entityId: text("entity_id").notNull(),
    kind: text("kind").notNull(),
    bodyJson: text("body_json").notNull(),
    /** Milliseconds since 1970. */
    recordedAtMs: bigint("recorded_at_ms", { mode: "number" }).notNull(),
    /** Milliseconds since 1970; null: never. */
    expiresAtMs: bigint("expires_at_ms", { mode: "number" }),
  },
  (table) => [
    index("lineage_fact_entity").on(table.entityId, table.entityKind, table.recordedAtMs),
    index("lineage_fact_kind").on(table.kind, table.recordedAtMs),
  ],
);
