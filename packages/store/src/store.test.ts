import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { integer, pgTable, text } from "drizzle-orm/pg-core";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openSqlStore, openStore } from "./open-store.js";
import type { PackageMigrations, SqlValue, Store } from "./store.js";

const folder = mkdtempSync(join(tmpdir(), "deepwright-store-"));
const uri = `file:${join(folder, "store")}`;
let store: Store;

beforeAll(async () => {
  store = await openSqlStore(uri);
});
afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

describe("query", () => {
  it("gives values back as they were", async () => {
    const value: fc.Arbitrary<SqlValue> = fc.oneof(
      fc.integer(),
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      fc.boolean(),
      fc.constant(null),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.string().filter((s) => !s.includes("\0")),
        fc.double(),
        value,
        async (words, number, other) => {
          const type = typeof other === "boolean" ? "boolean" : "int8";
          const [row] = await store.query<{ words: string; number: number; other: SqlValue; bytes: Uint8Array }>(
            `select $1::text as words, $2::float8 as number, $3::${type} as other, $4::bytea as bytes`,
            [words, number, other, new Uint8Array([0, 1, 255])],
          );
          expect(row?.words).toBe(words);
          expect(row?.number).toBe(number);
          expect(typeof other === "boolean" || other === null ? row?.other : BigInt(row?.other as number)).toBe(
            typeof other === "number" ? BigInt(other) : other,
          );
          expect([...(row?.bytes ?? [])]).toEqual([0, 1, 255]);
        },
      ),
      { numRuns: 50 },
    );
  });

  it("keeps nothing of the answers that it gave", async () => {
    const ask = async (count: number) => {
      for (let index = 0; index < count; index++) {
        await store.query("select repeat('x', 300) as words from generate_series(1, 100)");
      }
      return process.memoryUsage.rss() / 1e6;
    };
    const before = await ask(300);
    // These answers hold 80 MB; before they were let go, that many grew the process by 140.
    expect((await ask(2_500)) - before).toBeLessThan(60);
  });

  it("refuses text with NUL before the database sees it", async () => {
    await expect(store.query("select $1::text", ["a\0b"])).rejects.toMatchObject({ code: "TEXT_WITH_NUL" });
  });

  it("types the database's errors", async () => {
    await expect(store.query("select * from nowhere")).rejects.toMatchObject({ code: "INVALID_SQL" });
  });
});

describe("insertColumns", () => {
  it("inserts columns, NaN and infinities among them, and counts what a conflict left alone", async () => {
    await store.query("create table point (id int8 primary key, value float8, name text, parts int8[])");
    const columns = {
      id: { type: "int8", values: [1, 2, 3] },
      value: { type: "float8", values: Float64Array.of(Number.NaN, Infinity, -0) },
      name: { type: "text", values: ['a"b', null, "ü\n"] },
      parts: { type: "int8[]", values: [[1, 2], [], null] },
    };
    expect(await store.insertColumns("point", columns)).toBe(3);
    expect(await store.insertColumns("point", columns, { onConflict: "do nothing" })).toBe(0);
    expect(await store.query("select * from point order by id")).toEqual([
      { id: 1, value: Number.NaN, name: 'a"b', parts: [1, 2] },
      { id: 2, value: Infinity, name: null, parts: [] },
      { id: 3, value: -0, name: "ü\n", parts: null },
    ]);
  });
});

describe("transaction and batch", () => {
  it("keep all or nothing", async () => {
    await store.query("create table kept (id int primary key)");
    const failing = store.transaction(async (transaction) => {
      await transaction.query("insert into kept values (1)");
      throw new Error("no");
    });
    await expect(failing).rejects.toThrow("no");
    const batch = [{ text: "insert into kept values (2)" }, { text: "insert into kept values (2)" }];
    await expect(store.batch(batch)).rejects.toMatchObject({ code: "UNIQUE_VIOLATION" });
    expect(await store.query("select * from kept")).toEqual([]);
    await store.transaction((transaction) => transaction.batch([{ text: "insert into kept values (3)" }]));
    expect(await store.query("select * from kept")).toEqual([{ id: 3 }]);
  });

  it("offer drizzle's typed queries", async () => {
    const table = pgTable("typed", { id: integer("id").primaryKey(), name: text("name").notNull() });
    await store.query("create table typed (id int primary key, name text not null)");
    await store.db.insert(table).values({ id: 1, name: "a" });
    expect(await store.db.select().from(table)).toEqual([{ id: 1, name: "a" }]);
  });
});

describe("migrate", () => {
  const migrations = (names: readonly string[], sql = ""): PackageMigrations[] => [
    { package: "test", migrations: names.map((name) => ({ name, sql: `create table t_${name} (id int);${sql}` })) },
  ];

  it("applies what is missing once, and refuses a changed or an unknown migration", async () => {
    await store.migrate(migrations(["a1"]));
    await Promise.all([store.migrate(migrations(["a1", "a2"])), store.migrate(migrations(["a1", "a2"]))]);
    expect(await store.query("select name from deepwright_migration order by name")).toEqual([
      { name: "a1" },
      { name: "a2" },
    ]);
    await expect(store.migrate(migrations(["a1"]))).rejects.toMatchObject({ code: "DATABASE_TOO_NEW" });
    await expect(store.migrate(migrations(["a1", "a2"], " "))).rejects.toMatchObject({ code: "MIGRATION_CHANGED" });
  });

  it("keeps nothing of a migration that fails", async () => {
    const broken = [
      { package: "broken", migrations: [{ name: "b1", sql: "create table half (id int); select nonsense" }] },
    ];
    await expect(store.migrate(broken)).rejects.toMatchObject({ code: "INVALID_SQL" });
    expect(await store.query("select to_regclass('half') is null as gone")).toEqual([{ gone: true }]);
  });
});

describe("several processes", () => {
  const program = join(folder, "other.mjs");
  const entry = new URL("../dist/index.js", import.meta.url).href;

  it("share one directory; when the owner is killed another one takes over and nothing acknowledged is lost", async () => {
    const shared = `file:${join(folder, "shared")}`;
    writeFileSync(
      program,
      `import { openSqlStore } from ${JSON.stringify(entry)};
       const store = await openSqlStore(${JSON.stringify(shared)});
       await store.query("create table if not exists log (id int primary key)");
       for (let id = 0; ; id++) { await store.query("insert into log values ($1)", [id]); process.send(id); }`,
    );
    const owner = fork(program, { stdio: "inherit" });
    let acknowledged = -1;
    owner.on("message", (id) => {
      acknowledged = Number(id);
    });
    await once(owner, "message");
    const second = await openSqlStore(shared);
    expect((await second.query("select 1 as one"))[0]).toEqual({ one: 1 });
    const heard: string[] = [];
    await second.listen("news", (payload) => heard.push(payload));
    owner.kill("SIGKILL");
    await once(owner, "exit");
    const count = async (): Promise<number> => {
      const [row] = await second.query<{ count: number }>("select count(*) as count from log");
      return row?.count ?? 0;
    };
    // The statement that meets the dead owner may fail as retryable; the next one finds a new owner.
    const rows = await count().catch(count);
    expect(rows).toBeGreaterThanOrEqual(acknowledged + 1);
    await second.notify("news", "still here");
    await expect.poll(() => heard).toEqual(["still here"]);
    await second.close();
  });
});

describe("addresses", () => {
  it.each(["nowhere", "file:", "mysql://x", ""])("refuses %j", async (address) => {
    await expect(openStore(address)).rejects.toMatchObject({ code: "INVALID_STORE_URI" });
  });

  it("refuses a token that no header can carry, without showing it", async () => {
    const opened = openStore("http://127.0.0.1:9", { token: "two\nlines" });
    await expect(opened).rejects.toMatchObject({ code: "INVALID_TOKEN", kind: "usage" });
    await expect(opened).rejects.not.toMatchObject({ message: expect.stringContaining("lines") });
  });

  it("tells a refusal by what stands before a gateway from a gateway that is away", async () => {
    const server = createServer((_request, response) => void response.writeHead(403).end("<html>no</html>"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const remote = await openStore(`http://127.0.0.1:${port}`);
    if (remote.kind !== "http") throw new Error("not remote");
    const refused = { code: "STORE_ACCESS_DENIED", kind: "not-allowed", retryable: false };
    await expect(remote.call("runs", "getRun", {})).rejects.toMatchObject(refused);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it("says that a gateway is away", async () => {
    const remote = await openStore("http://127.0.0.1:9");
    if (remote.kind !== "http") throw new Error("not remote");
    await expect(remote.call("runs", "getRun", {})).rejects.toMatchObject({
      code: "SERVER_UNAVAILABLE",
      retryable: true,
    });
  });
});
