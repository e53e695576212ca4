import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepwrightError } from "@deepwright/core";
import { findPostgres, type PostgresServer, startPostgres } from "@deepwright/tooling/testing";
import { bigint, integer, jsonb, pgTable, text, timestamp } from "drizzle-orm/pg-core";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { openSqlStore } from "../open-store.js";
import type { Store } from "../store.js";
import { columnsAreInserted } from "./inserts.test.support.js";
import { migrationsRunOnce } from "./migrations.test.support.js";
import { transactionsAreWhole } from "./transactions.test.support.js";
import { valuesComeBack } from "./values.test.support.js";

const thrownBy = async (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error) => error,
  );

/** What every store does, whatever it stands on. */
function conformance(open: () => Promise<Store>): void {
  let store: Store;
  beforeAll(async () => {
    store = await open();
  });
  afterAll(() => store.close());

  describe("values", () => valuesComeBack(() => store));
  describe("insertColumns", () => columnsAreInserted(() => store));
  describe("transactions", () => transactionsAreWhole(() => store));
  describe("migrations", () => migrationsRunOnce(() => store));

  it("offers drizzle's typed queries", async () => {
    const table = pgTable("typed", {
      id: integer("id").primaryKey(),
      name: text("name").notNull(),
      at: timestamp("at", { withTimezone: true }),
      large: bigint("large", { mode: "bigint" }),
      more: jsonb("more"),
    });
    await store.query(
      "create table typed (id int primary key, name text not null, at timestamptz, large int8, more jsonb)",
    );
    const rows = [
      { id: 1, name: "ü'\n", at: new Date("2026-01-02T03:04:05.678Z"), large: 2n ** 62n, more: { a: [false, 0, ""] } },
      { id: 2, name: "", at: null, large: null, more: null },
    ];
    await store.db.insert(table).values(rows);
    expect(await store.db.select().from(table).orderBy(table.id)).toEqual(rows);
    await store.transaction((transaction) => transaction.db.delete(table));
    expect(await store.db.select().from(table)).toEqual([]);
  });

  it("types its errors, and tells neither the statement nor values", async () => {
    await store.query("create table secret (id int primary key, word text not null check (word <> 'bad'))");
    await store.query("insert into secret values (1, 'hush')");
    const cases: readonly (readonly [string, string])[] = [
      ["insert into secret values (1, 'swordfish')", "UNIQUE_VIOLATION"],
      ["insert into secret values (2, null)", "CONSTRAINT_VIOLATION"],
      ["insert into secret values (3, 'bad')", "CONSTRAINT_VIOLATION"],
      ["selec swordfish", "INVALID_SQL"],
      ["select swordfish from secret", "INVALID_SQL"],
      ["select 1 / 0 as swordfish", "INVALID_VALUE"],
    ];
    for (const [statement, code] of cases) {
      const error = await thrownBy(store.query(statement));
      expect(error).toMatchObject({ code });
      const told = isDeepwrightError(error) ? JSON.stringify(error.toJSON()) : "";
      expect(told).not.toContain(statement);
      expect(told).not.toContain("hush");
    }
  });

  it("ends with close, once", async () => {
    const other = await open();
    await Promise.all([other.close(), other.close()]);
    await expect(other.query("select 1")).rejects.toMatchObject({ code: "STORE_CLOSED" });
    await expect(other.transaction(async () => 1)).rejects.toMatchObject({ code: "STORE_CLOSED" });
    expect(await store.query("select 1 as one")).toEqual([{ one: 1 }]);
  });
}

describe("a store on PGlite", () => {
  const folder = mkdtempSync(join(tmpdir(), "deepwright-conformance-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  conformance(() => openSqlStore(`file:${join(folder, "store")}`));
});

describe.skipIf(findPostgres() === null)("a store on Postgres (skipped where no server is installed)", () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());
  conformance(() => openSqlStore(server.uri));

  it("says when the server, the database, or the user is none, and tells no password", async () => {
    const { port } = server;
    const wrong: readonly (readonly [string, string])[] = [
      ["postgres://postgres:hunter2@127.0.0.1:9/postgres", "STORE_UNAVAILABLE"],
      [`postgres://postgres:hunter2@127.0.0.1:${port}/nowhere`, "DATABASE_NOT_FOUND"],
      [`postgres://nobody:hunter2@127.0.0.1:${port}/postgres`, "STORE_ACCESS_DENIED"],
      [`postgres://postgres:hunter2@127.0.0.1:${port}:80/postgres`, "INVALID_STORE_URI"],
    ];
    for (const [address, code] of wrong) {
      const error = await thrownBy(openSqlStore(address));
      expect(error).toMatchObject({ code });
      expect(isDeepwrightError(error) ? JSON.stringify(error.toJSON()) : "").not.toContain("hunter2");
    }
    const store = await openSqlStore(`postgres://postgres:hunter2@127.0.0.1:${port}/postgres`);
    expect(store.uri).not.toContain("hunter2");
    await store.close();
  });

  it("refuses a wrong password and a missing one, and tells neither it nor the right one", async () => {
    const admin = await openSqlStore(server.uri);
    await admin.query("create role ada superuser login password 'correct-horse'");
    const [settings] = await admin.query<{ file: string }>("select current_setting('hba_file') as file");
    const file = settings?.file ?? "";
    writeFileSync(file, `host all ada 127.0.0.1/32 scram-sha-256\n${readFileSync(file, "utf8")}`);
    await admin.query("select pg_reload_conf()");
    const address = (login: string): string => `postgres://${login}@127.0.0.1:${server.port}/postgres`;
    const connect = (login: string) => thrownBy(openSqlStore(address(login)).then((store) => store.close()));
    await vi.waitFor(async () => expect(await connect("ada:hunter2")).toBeDefined(), 30_000);
    for (const login of ["ada:hunter2", "ada"]) {
      const error = await connect(login);
      expect(error).toMatchObject({ code: "STORE_ACCESS_DENIED", kind: "not-allowed", exitCode: 4 });
      const { cause } = error as Error;
      for (const text of [JSON.stringify(error), String(error), String(cause), (error as Error).stack]) {
        expect(text).not.toMatch(/hunter2|correct-horse/);
      }
    }
    const store = await openSqlStore(address("ada:correct-horse"));
    expect(await store.query("select current_user as name")).toEqual([{ name: "ada" }]);
    await store.close();
    await admin.close();
  });
});
