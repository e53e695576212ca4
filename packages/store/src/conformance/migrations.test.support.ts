import { expect, it } from "vitest";
import type { Migration, PackageMigrations, Store } from "../store.js";

const shelf: readonly Migration[] = [
  { name: "0001_shelf", sql: "create table shelf (id int primary key); insert into shelf values (1);" },
  { name: "0002_color", sql: "alter table shelf add column color text; update shelf set color = 'red';" },
  { name: "0003_height", sql: "alter table shelf add column height int" },
];
const of = (name: string, migrations: readonly Migration[]): PackageMigrations[] => [{ package: name, migrations }];

/** Migrations run once, in order, and never over what they do not know. */
export function migrationsRunOnce(store: () => Store): void {
  const names = async (name: string) =>
    (
      await store().query<{ name: string }>(
        "select name from deepwright_migration where package = $1 order by applied_at, name",
        [name],
      )
    ).map((row) => row.name);

  it("in their order, the missing ones only, also when many start at once", async () => {
    await store().migrate(of("shelf", shelf.slice(0, 1)));
    await Promise.all(Array.from({ length: 6 }, () => store().migrate(of("shelf", shelf))));
    await store().migrate(of("shelf", shelf));
    expect(await names("shelf")).toEqual(shelf.map(({ name }) => name));
    expect(await store().query("select * from shelf")).toEqual([{ id: 1, color: "red", height: null }]);
  });

  it("refuses a database of a newer version, and one whose migration was another", async () => {
    await expect(store().migrate(of("shelf", shelf.slice(0, 2)))).rejects.toMatchObject({
      code: "DATABASE_TOO_NEW",
      message: expect.stringContaining("0003_height"),
    });
    const altered = shelf.map((each) => (each.name === "0002_color" ? { ...each, sql: `${each.sql} ` } : each));
    const more = [...altered, { name: "0004_more", sql: "create table more (id int)" }];
    await expect(store().migrate(of("shelf", more))).rejects.toMatchObject({ code: "MIGRATION_CHANGED" });
    expect(await store().query("select to_regclass('more') as more")).toEqual([{ more: null }]);
    expect(await names("shelf")).toHaveLength(3);
  });

  it("keeps those before one that fails, and nothing of that one", async () => {
    const broken = [
      { name: "0001_good", sql: "create table good (id int)" },
      { name: "0002_bad", sql: "create table bad (id int); insert into bad values (1); select 1 / 0" },
    ];
    await expect(store().migrate(of("broken", broken))).rejects.toMatchObject({ code: "INVALID_VALUE" });
    expect(await names("broken")).toEqual(["0001_good"]);
    const repaired = [broken[0] as Migration, { name: "0002_bad", sql: "create table bad (id int)" }];
    await store().migrate(of("broken", repaired));
    expect(await store().query("select count(*) as count from bad")).toEqual([{ count: 0 }]);
  });
}
