import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findPostgres, type PostgresServer, startPostgres } from "@deepwright/tooling/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openSqlStore } from "./open-store.js";
import type { Store } from "./store.js";

const folder = mkdtempSync(join(tmpdir(), "deepwright-prepared-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Statements that come back are kept prepared; nobody who asks may notice. */
function statementsThatComeBack(open: () => Promise<Store>): void {
  let store: Store;
  beforeAll(async () => {
    store = await open();
    await store.query("create table thing (id int primary key, name text)");
  });
  afterAll(() => store.close());
  const times = Array.from({ length: 8 }, (_, index) => index);

  it("answer to new parameters each time", async () => {
    for (const index of times) {
      const bytes = new Uint8Array([index, 0, 255]);
      const rows = await store.query<{ a: number; b: string; c: Uint8Array }>(
        "select $1::int + 1 as a, $2::text as b, $3::bytea as c",
        [index, index % 2 === 0 ? null : `text ${index}`, bytes],
      );
      expect(rows).toEqual([{ a: index + 1, b: index % 2 === 0 ? null : `text ${index}`, c: expect.anything() }]);
      expect([...(rows[0]?.c ?? [])]).toEqual([...bytes]);
    }
  });

  it("answer in batches with others", async () => {
    for (const index of times) {
      const [first, second, third] = await store.batch([
        { text: "select $1::int as a", parameters: [index] },
        { text: `select ${index} as once` },
        { text: "select $1::int as a", parameters: [-index] },
      ]);
      expect([first, second, third]).toEqual([[{ a: index }], [{ once: index }], [{ a: index === 0 ? 0 : -index }]]);
    }
  });

  it("fail with the same error each time, and keep nothing", async () => {
    await store.query("insert into thing values (0, 'zero')");
    for (const _ of times) {
      await expect(store.query("insert into thing values ($1::int, 'again')", [0])).rejects.toMatchObject({
        details: { sqlState: "23505" },
      });
      await expect(store.query("select * from nowhere")).rejects.toMatchObject({ code: "INVALID_SQL" });
      const failing = store.transaction(async (transaction) => {
        await transaction.query("insert into thing values ($1::int, 'lost')", [7]);
        await transaction.query("select broken from thing");
      });
      await expect(failing).rejects.toMatchObject({ code: "INVALID_SQL", message: expect.stringContaining("broken") });
    }
    expect(await store.query("select id from thing")).toEqual([{ id: 0 }]);
  });

  it("see the columns that a table gained", async () => {
    const columns = async () => Object.keys((await store.query("select * from thing"))[0] ?? {});
    for (const _ of times) expect(await columns()).toEqual(["id", "name"]);
    await store.query("alter table thing add column color text");
    for (const _ of times) expect(await columns()).toEqual(["id", "name", "color"]);
  });

  it("may be many", async () => {
    for (let round = 0; round < 4; round++) {
      for (let index = 0; index < 150; index++) {
        expect(await store.query(`select $1::int + ${index} as sum`, [round])).toEqual([{ sum: round + index }]);
      }
    }
  });
}

describe("statements that come back, on PGlite", () => {
  statementsThatComeBack(() => openSqlStore(`file:${join(folder, "store")}`));
});

describe.skipIf(findPostgres() === null)(
  "statements that come back, on Postgres (skipped where no server is installed)",
  () => {
    let server: PostgresServer;
    beforeAll(async () => {
      server = await startPostgres();
    });
    afterAll(() => server.stop());
    statementsThatComeBack(() => openSqlStore(server.uri));
  },
);
