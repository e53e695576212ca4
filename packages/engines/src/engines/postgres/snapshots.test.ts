import { findPostgres, type PostgresServer, startPostgres } from "@deepwright/tooling/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { QueryEngine } from "../../engine.js";
import { openEngine } from "../../open-engine.js";

const programs = findPostgres();
describe.skipIf(programs === null)(`one state of Postgres${programs ? "" : " (skipped: no initdb)"}`, () => {
  let server: PostgresServer;
  let engine: QueryEngine;
  beforeAll(async () => {
    server = await startPostgres();
    engine = await openEngine({ kind: "postgres", uri: server.uri });
  });
  afterAll(async () => {
    await engine?.close();
    await server?.stop();
  });
  const inSnapshot: NonNullable<QueryEngine["inSnapshot"]> = (work, options) => {
    if (engine.inSnapshot === undefined) throw new Error("not there");
    return engine.inSnapshot(work, options);
  };
  const count = async (reader: QueryEngine, table: string): Promise<unknown> =>
    (await reader.query<{ n: number }>(`SELECT count(*) AS n FROM ${table}`))[0]?.n;

  it("is seen by all statements, streams and fingerprints at once, whatever others write", async () => {
    await engine.query("CREATE TABLE seen AS SELECT g AS i FROM generate_series(1, 1000) AS g");
    await inSnapshot(async (state) => {
      const fingerprint = await state.fingerprint({ kind: "table", name: "seen" });
      await engine.query("UPDATE seen SET i = -i; DELETE FROM seen WHERE i < -500");
      expect(await count(engine, "seen")).toBe(500);
      expect(await Promise.all(Array.from({ length: 20 }, () => count(state, "seen")))).toEqual(Array(20).fill(1000));
      let sum = 0;
      for await (const batch of state.stream("SELECT i FROM seen")) {
        for (const value of batch.columns.i ?? []) sum += Number(value);
      }
      expect(sum).toBe(500_500);
      expect((await state.fingerprint({ kind: "table", name: "seen" })).rows).toBe(fingerprint.rows);
      expect(await state.inSnapshot?.((inner) => count(inner, "seen"))).toBe(1000);
    });
    expect(await count(engine, "seen")).toBe(500);
  });

  it("goes on after a statement that fails", async () => {
    await inSnapshot(async (state) => {
      await expect(state.query("SELECT 1 / 0")).rejects.toMatchObject({ code: "QUERY_FAILED" });
      await expect(state.query("SELECT no_such")).rejects.toMatchObject({ code: "QUERY_INVALID" });
      expect(await state.query("SELECT 1 AS a")).toEqual([{ a: 1 }]);
    });
  });

  it("refuses writes, unless they are asked for; then it reads the old state and writes", async () => {
    await engine.query("CREATE TABLE source AS SELECT 1 AS i");
    await engine.query("CREATE TABLE target (i integer)");
    await inSnapshot(async (state) => {
      await expect(state.query("INSERT INTO target VALUES (1)")).rejects.toThrow(/read-only/);
    });
    await inSnapshot(
      async (state) => {
        await engine.query("INSERT INTO source VALUES (2)");
        await state.query("INSERT INTO target SELECT * FROM source");
      },
      { writes: true },
    );
    expect(await engine.query("SELECT i FROM target")).toEqual([{ i: 1 }]);
  });

  it("is held for more callers than there are sessions, and nested", { timeout: 60_000 }, async () => {
    const one = () =>
      inSnapshot(async (state) => {
        await Promise.all([state.query("SELECT pg_sleep(0.02)"), state.query("SELECT 1")]);
        return state.query("SELECT 1 AS a");
      });
    const answers = await Promise.all(Array.from({ length: 40 }, one));
    expect(answers).toEqual(Array(40).fill([{ a: 1 }]));
    const left = await engine.query(
      "SELECT 1 FROM pg_stat_activity WHERE state LIKE 'idle in transaction%' AND datname = current_database()",
    );
    expect(left).toEqual([]);
  });

  it("outlives the time that the server gives idle transactions, and tells when its holder has died", async () => {
    await engine.query("ALTER SYSTEM SET idle_in_transaction_session_timeout = '50ms'");
    await engine.query("SELECT pg_reload_conf()");
    await inSnapshot(async (state) => {
      await engine.query("SELECT pg_sleep(0.3)");
      expect(await state.query("SELECT 1 AS a")).toEqual([{ a: 1 }]);
    });
    const killed = inSnapshot(async (state) => {
      await engine.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE state = 'idle in transaction' AND pid <> pg_backend_pid()",
      );
      for (;;) await state.query("SELECT 1");
    });
    await expect(killed).rejects.toMatchObject({ code: "ENGINE_UNAVAILABLE" });
    expect(await engine.query("SELECT 1 AS a")).toEqual([{ a: 1 }]);
  });

  it("lets go when its work is aborted or throws", async () => {
    const abort = new AbortController();
    const work = inSnapshot(
      async (state) => {
        setTimeout(() => abort.abort(new Error("enough")), 50);
        await state.query("SELECT pg_sleep(30)", { signal: abort.signal });
      },
      { signal: abort.signal },
    );
    await expect(work).rejects.toThrow("enough");
    await expect(inSnapshot(async () => Promise.reject(new RangeError("mine")))).rejects.toThrow("mine");
    expect(await engine.query("SELECT 1 AS a")).toEqual([{ a: 1 }]);
  });
});
