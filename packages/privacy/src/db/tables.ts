import { bigint, customType, doublePrecision, index, pgTable, text, uuid } from "drizzle-orm/pg-core";

const bytea = customType<{ data: Uint8Array }>({ dataType: () => "bytea" });

/** What may be spent on the data of a group of people, and what has been. */
export const budgetTable = pgTable("privacy_budget", {
  id: uuid("id").primaryKey(),
  name: text("name").notNull().unique(),
  epsilon: doublePrecision("epsilon").notNull(),
  delta: doublePrecision("delta").notNull(),
  neighbors: text("neighbors").notNull(),
  /** Everything charged so far as one event. */
  spentJson: text("spent_json").notNull(),
  createdAtMs: bigint("created_at_ms", { mode: "number" }).notNull(),
});

/** Each charge, for ever. */
export const chargeTable = pgTable(
  "privacy_charge",
  {
    id: uuid("id").primaryKey(),
    budgetId: uuid("budget_id")
      .notNull()
      .references(() => budgetTable.id),
    eventJson: text("event_json").notNull(),
    purpose: text("purpose").notNull(),
    chargedBy: text("charged_by").notNull(),
    epsilonAfter: doublePrecision("epsilon_after").notNull(),
    chargedAtMs: bigint("charged_at_ms", { mode: "number" }).notNull(),
  },
  (table) => [index("privacy_charge_budget").on(table.budgetId, table.chargedAtMs, table.id)],
);

/** The key of each person, itself encrypted under a master key. */
export const personKeyTable = pgTable(
  "privacy_person_key",
  {
    person: text("person").primaryKey(),
    keyId: uuid("key_id").notNull().unique(),
    masterVersion: text("master_version").notNull(),
    wrapped: bytea("wrapped").notNull(),
    createdAtMs: bigint("created_at_ms", { mode: "number" }).notNull(),
  },
  (table) => [index("privacy_person_key_version").on(table.masterVersion, table.person)],
);

/** Which keys were destroyed, each row bound to the one before by its hash. */
export const erasureTable = pgTable("privacy_erasure", {
  sequence: bigint("sequence", { mode: "number" }).primaryKey(),
  personSalt: text("person_salt").notNull(),
  personDigest: text("person_digest").notNull(),
  keyId: uuid("key_id"),
  erasedAtMs: bigint("erased_at_ms", { mode: "number" }).notNull(),
  reason: text("reason").notNull(),
  previousHash: text("previous_hash").notNull(),
  hash: text("hash").notNull(),
});
