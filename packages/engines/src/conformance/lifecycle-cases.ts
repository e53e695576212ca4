import assert from "node:assert/strict";
import { assertRejects } from "./assert-rejects.js";
import type { ConformanceCase } from "./case.js";

export const lifecycleCases: readonly ConformanceCase[] = [
  {
    name: "errors are typed, and the engine goes on after each",
    async run(engine) {
      await assertRejects(() => engine.query("SELEC 1"), "QUERY_INVALID");
      await assertRejects(() => engine.query("SELECT no_such_column FROM (SELECT 1 AS a) AS t"), "QUERY_INVALID");
      await assertRejects(() => engine.query("SELECT * FROM no_such_table"), "TABLE_MISSING");
      await assertRejects(() => engine.query("SELECT CAST('x' AS INTEGER) AS a"), "QUERY_FAILED");
      await assertRejects(() => engine.columns({ kind: "table", name: "no_such_table" }), "TABLE_MISSING");
      await assertRejects(() => engine.fingerprint({ kind: "table", name: "no_such_table" }), "TABLE_MISSING");
      await assertRejects(async () => {
        for await (const _ of engine.stream("SELECT CAST(label AS INTEGER) FROM (SELECT 'x' AS label) AS t"));
      }, "QUERY_FAILED");
      assert.deepEqual(await engine.query("SELECT 1 AS a"), [{ a: 1 }]);
    },
  },
  {
    name: "an error after many batches of a stream is not taken for its end",
    async run(engine, { series }) {
      const sql = `SELECT CAST(CASE WHEN i = 90000 THEN 'x' ELSE '1' END AS INTEGER) AS a
        FROM ${series(1, 100000, "g", "i")}`;
      let rowCount = 0;
      await assertRejects(async () => {
        for await (const batch of engine.stream(sql, { batchSize: 1000 })) rowCount += batch.rowCount;
      }, "QUERY_FAILED");
      assert.ok(rowCount < 90_000);
    },
  },
  {
    name: "statements in one call share a transaction",
    needs: "transactions",
    async run(engine) {
      await engine.query("CREATE TABLE conformance_transaction (a INTEGER)");
      try {
        const rolledBack = "BEGIN; INSERT INTO conformance_transaction VALUES (1); ROLLBACK";
        await engine.query(rolledBack);
        assert.deepEqual(await engine.query("SELECT * FROM conformance_transaction"), []);
        await engine.query("BEGIN; INSERT INTO conformance_transaction VALUES (1); COMMIT");
        assert.deepEqual(await engine.query("SELECT * FROM conformance_transaction"), [{ a: 1 }]);
      } finally {
        await engine.query("DROP TABLE conformance_transaction");
      }
    },
  },
  {
    name: "a closed engine refuses, and closing it again does nothing",
    async run(engine) {
      await engine.query("SELECT 1");
      await engine.close();
      await engine.close();
      await assertRejects(() => engine.query("SELECT 1"), "ENGINE_CLOSED");
      await assertRejects(() => engine.fingerprint({ kind: "query", sql: "SELECT 1 AS a" }), "ENGINE_CLOSED");
    },
  },
  {
    name: "closing ends a stream that is not read to its end",
    async run(engine, { endless }) {
      const stream = engine.stream(endless)[Symbol.asyncIterator]();
      assert.equal((await stream.next()).done, false);
      await engine.close();
      await assertRejects(async () => {
        while (!(await stream.next()).done);
      }, "ENGINE_CLOSED");
    },
  },
];
