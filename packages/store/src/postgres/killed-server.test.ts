import { isDeepwrightError } from "@deepwright/core";
import { findPostgres, type PostgresServer, startPostgres } from "@deepwright/tooling/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openSqlStore } from "../open-store.js";
import type { Store } from "../store.js";

const noServer = findPostgres() === null;

describe.skipIf(noServer)(`a Postgres server that is killed${noServer ? " (skipped: no Postgres)" : ""}`, () => {
  let server: PostgresServer;
  let store: Store;
  beforeAll(async () => {
    server = await startPostgres({ durable: true });
    store = await openSqlStore(server.uri);
    await store.query("create table kept (step int primary key)");
  }, 120_000);
  afterAll(async () => {
    await store?.close();
    await server?.stop();
  });

  it("fails what runs with an error that asks to try again, and serves on after its return with all that was committed", async () => {
    const committed = new Set<number>();
    const failures = new Set<string>();
    let step = 0;
    let isOver = false;
    const write = async (): Promise<void> => {
      while (!isOver) {
        const mine = step++;
        try {
          if (mine % 3 === 0) {
            await store.transaction(async (transaction) => {
              await transaction.query("insert into kept values ($1)", [mine]);
            });
          } else await store.query("insert into kept values ($1)", [mine]);
          committed.add(mine);
        } catch (error) {
          failures.add(isDeepwrightError(error) ? `${error.code} ${error.retryable}` : String(error));
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
      }
    };
    const heard: string[] = [];
    const stopListening = await store.listen("news", (payload) => heard.push(payload));
    const writers = [write(), write(), write()];
    for (let death = 0; death < 5; death++) {
      const before = committed.size;
      await expect.poll(() => committed.size, { timeout: 60_000 }).toBeGreaterThan(before + 20);
      await server.kill();
      await server.restart();
    }
    const before = committed.size;
    await expect.poll(() => committed.size, { timeout: 60_000 }).toBeGreaterThan(before + 20);
    isOver = true;
    await Promise.all(writers);
    expect([...failures]).toEqual(["STORE_UNAVAILABLE true"]);
    const rows = await store.query<{ step: number }>("select step from kept");
    const stored = new Set(rows.map((row) => row.step));
    expect([...committed].filter((each) => !stored.has(each))).toEqual([]);
    // Each death costs the listener one connection, and its return one.
    const connections = "select count(*)::int as count from pg_stat_activity where application_name like 'deepwright%'";
    expect((await store.query<{ count: number }>(connections))[0]?.count).toBeLessThanOrEqual(11);
    await expect
      .poll(
        async () => {
          await store.query("notify news, 'again'");
          return heard.includes("again");
        },
        { timeout: 60_000 },
      )
      .toBe(true);
    await stopListening();
  }, 240_000);
});
