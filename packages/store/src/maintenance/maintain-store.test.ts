import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openSqlStore } from "../open-store.js";
import type { Store } from "../store.js";
import { maintainStore } from "./maintain-store.js";

const folder = mkdtempSync(join(tmpdir(), "deepwright-maintenance-"));
let store: Store;
beforeAll(async () => {
  store = await openSqlStore(`file:${join(folder, "store")}`);
  await store.query(`create table "odd ""name""" (id int primary key, value float8)`);
  await store.query(`create index on "odd ""name""" (value)`);
  await store.query(`insert into "odd ""name""" select i, i from generate_series(1, 100) i`);
});
afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

const size = async (): Promise<number> => {
  const [row] = await store.query<{ size: number }>(`select pg_total_relation_size('"odd ""name"""')::int8 as size`);
  return row?.size ?? Number.NaN;
};
const rewrite = async (): Promise<void> => {
  for (let round = 0; round < 30; round++) await store.query(`update "odd ""name""" set value = value + 1`);
};

describe("maintainStore", () => {
  it("keeps a table that is rewritten all the time from growing", async () => {
    await rewrite();
    expect(await maintainStore(store)).toEqual(['odd "name"']);
    const before = await size();
    for (let cycle = 0; cycle < 3; cycle++) {
      await rewrite();
      await maintainStore(store);
    }
    // 90 more rewrites of 100 rows: without vacuum four times as large.
    expect(await size()).toBeLessThan(2 * before);
  });

  it("sees that a table has grown when the counts of what changed are lost, as they are after a kill", async () => {
    await maintainStore(store);
    await store.query(`insert into "odd ""name""" select i, i from generate_series(1000, 9000) i`);
    await store.query("select pg_stat_force_next_flush()");
    await store.query("select pg_stat_reset()");
    expect(await maintainStore(store)).toEqual(['odd "name"']);
    expect(await maintainStore(store)).toEqual([]);
  });

  it("leaves tables alone that did not change", async () => {
    await maintainStore(store);
    expect(await maintainStore(store)).toEqual([]);
  });
});
