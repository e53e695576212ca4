import assert from "node:assert/strict";
import type { Batch } from "../engine.js";
import type { ConformanceCase } from "./case.js";

export const streamCases: readonly ConformanceCase[] = [
  {
    name: "batches have the asked size, and hold all rows in order",
    async run(engine, { series }) {
      const sizes: number[] = [];
      const rows: unknown[] = [];
      const stream = engine.stream(`SELECT i, 'row ' || i AS label FROM ${series(1, 5000, "g", "i")} ORDER BY i`, {
        batchSize: 999,
      });
      for await (const batch of stream) {
        sizes.push(batch.rowCount);
        for (const column of Object.values(batch.columns)) assert.equal(column.length, batch.rowCount);
        rows.push(...(batch.columns.label ?? []));
      }
      assert.deepEqual(sizes, [999, 999, 999, 999, 999, 5]);
      assert.deepEqual(
        rows,
        Array.from({ length: 5000 }, (_, index) => `row ${index + 1}`),
      );
    },
  },
  {
    name: "no rows are no batches",
    async run(engine) {
      const batches: Batch[] = [];
      for await (const batch of engine.stream("SELECT 1 AS a WHERE FALSE")) batches.push(batch);
      assert.deepEqual(batches, []);
      assert.deepEqual(await engine.query("SELECT 1 AS a WHERE FALSE"), []);
    },
  },
  {
    name: "leaving a stream early ends its query, and the engine goes on",
    async run(engine, { endless }) {
      for (let round = 0; round < 5; round++) {
        for await (const batch of engine.stream(endless, { batchSize: 100 })) {
          assert.equal(batch.rowCount, 100);
          break;
        }
      }
      assert.deepEqual(await engine.query("SELECT 1 AS a"), [{ a: 1 }]);
    },
  },
  {
    name: "parameters are bound in streams",
    async run(engine, { series }) {
      const stream = engine.stream(`SELECT i FROM ${series(1, 10, "g", "i")} WHERE i > CAST($1 AS INTEGER)`, {
        parameters: [8],
      });
      for await (const batch of stream) assert.deepEqual(batch.columns.i, [9, 10]);
    },
  },
  {
    name: "a signal that has fired stops a query before it starts",
    async run(engine) {
      const reason = new Error("stopped before");
      const signal = AbortSignal.abort(reason);
      await assert.rejects(engine.query("SELECT 1", { signal }), reason);
      await assert.rejects(async () => {
        for await (const _ of engine.stream("SELECT 1", { signal }));
      }, reason);
    },
  },
  {
    name: "a signal interrupts a running query and a running stream, and the engine goes on",
    async run(engine, { endless }) {
      for (const run of [
        (signal: AbortSignal) => engine.query(`SELECT sum(i) FROM (${endless}) AS rows_of_it`, { signal }),
        async (signal: AbortSignal) => {
          for await (const _ of engine.stream(endless, { signal }));
        },
      ]) {
        const controller = new AbortController();
        const reason = new Error("stopped meanwhile");
        setTimeout(() => controller.abort(reason), 50);
        await assert.rejects(run(controller.signal), reason);
        assert.deepEqual(await engine.query("SELECT 1 AS a"), [{ a: 1 }]);
      }
    },
  },
  {
    name: "several queries run at the same time",
    async run(engine) {
      const results = await Promise.all(
        Array.from({ length: 40 }, (_, index) =>
          engine.query("SELECT CAST($1 AS INTEGER) AS a", { parameters: [index] }),
        ),
      );
      assert.deepEqual(
        results.map(([row]) => row?.a),
        Array.from({ length: 40 }, (_, index) => index),
      );
    },
  },
  {
    name: "Arrow bytes hold the same rows",
    needs: "arrow",
    async run(engine, { list, series, types }) {
      const { tableFromIPC } = await import("apache-arrow");
      const bytes = await engine.arrow(`SELECT i AS id, CASE WHEN i = 2 THEN NULL ELSE 'row ' || i END AS label,
        i / CAST(2 AS ${types.double}) AS half, i = 1 AS first, DATE '2026-01-01' + i AS day,
        TIMESTAMP '2026-01-01 00:00:00.123456' AS moment, ${list(["i", "i + 1"])} AS pair
        FROM (SELECT CAST(i AS INTEGER) AS i FROM ${series(1, 3, "g", "i")}) AS numbers ORDER BY i`);
      const rows = tableFromIPC(bytes).toArray();
      assert.deepEqual(
        rows.map((row) => row.id),
        [1n, 2n, 3n],
      );
      assert.deepEqual(
        rows.map((row) => row.label),
        ["row 1", null, "row 3"],
      );
      assert.deepEqual(
        rows.map((row) => row.half),
        [0.5, 1, 1.5],
      );
      assert.deepEqual(
        rows.map((row) => row.first),
        [true, false, false],
      );
      assert.deepEqual(
        rows.map((row) => Number(row.day)),
        [1, 2, 3].map((day) => Date.UTC(2026, 0, 1 + day)),
      );
      assert.deepEqual(
        rows.map((row) => [...row.pair]),
        [
          [1n, 2n],
          [2n, 3n],
          [3n, 4n],
        ],
      );
      const moments = tableFromIPC(bytes).getChild("moment")?.data[0]?.values as BigInt64Array;
      assert.equal(moments[0], BigInt(Date.UTC(2026, 0, 1)) * 1000n + 123456n);
    },
  },
  {
    name: "Arrow bytes of no rows hold the columns",
    needs: "arrow",
    async run(engine) {
      const { tableFromIPC } = await import("apache-arrow");
      const table = tableFromIPC(await engine.arrow("SELECT 1 AS a, 'x' AS b WHERE FALSE"));
      assert.equal(table.numRows, 0);
      assert.deepEqual(
        table.schema.fields.map((field) => field.name),
        ["a", "b"],
      );
    },
  },
];
