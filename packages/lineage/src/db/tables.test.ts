import { manualClock } from "@deepwright/core";
import { is, Table } from "drizzle-orm";
import { getTableConfig, type PgTable } from "drizzle-orm/pg-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { engines, type TestLineage } from "../runs/lineages.test.support.js";
import * as tables from "./tables.js";

let lineage: TestLineage;
beforeAll(async () => {
  lineage = await (engines[0] as (typeof engines)[number]).open(manualClock());
}, 120_000);
afterAll(() => lineage.end());

it("the migrations make the tables as they are declared", async () => {
  if (lineage.store.kind === "http") throw new Error("not a database");
  const rows = await lineage.store.query<{ table: string; column: string; optional: boolean }>(
    `select table_name as table, column_name as column, is_nullable = 'YES' as optional
     from information_schema.columns where table_name like 'lineage\\_%'`,
  );
  const made = rows.map((row) => `${row.table}.${row.column}${row.optional ? "?" : ""}`).sort();
  const declared = Object.values(tables).flatMap((table) => {
    if (!is(table, Table)) return [];
    const { name, columns } = getTableConfig(table as PgTable);
    return columns.map((column) => `${name}.${column.name}${column.notNull ? "" : "?"}`);
  });
  expect(made).toEqual(declared.sort());

  const indexes = await lineage.store.query<{ name: string }>(
    "select indexname as name from pg_indexes where tablename like 'lineage\\_%'",
  );
  const names = new Set(indexes.map((index) => index.name));
  const missing = Object.values(tables).flatMap((table) => {
    if (!is(table, Table)) return [];
    const { indexes: wanted } = getTableConfig(table as PgTable);
    return wanted.map((index) => index.config.name ?? "").filter((name) => !names.has(name));
  });
  expect(missing).toEqual([]);
});
