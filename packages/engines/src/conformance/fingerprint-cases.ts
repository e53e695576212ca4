import assert from "node:assert/strict";
import { assertRejects } from "./assert-rejects.js";
import type { ConformanceCase } from "./case.js";

/** Three rows with every kind of value, in SQL that all engines read. */
const sample = `SELECT * FROM (
  SELECT 1 AS place, CAST(1 AS BIGINT) AS whole, CAST('0.1' AS DOUBLE PRECISION) AS fraction, CAST('1.50' AS DECIMAL(10, 2)) AS price,
    TRUE AS flag, 'Grüße, 1:2~' AS label, DATE '2026-01-02' AS day, TIMESTAMP '2026-01-02 03:04:05.678' AS moment,
    TIME '12:34:56.5' AS clock, INTERVAL '14 months 3 days 25 hours' AS span, ARRAY['a,b', NULL] AS list
  UNION ALL SELECT 2, CAST('-9223372036854775808' AS BIGINT), CAST('NaN' AS DOUBLE PRECISION), CAST('-0.05' AS DECIMAL(10, 2)),
    FALSE, '', CAST('infinity' AS DATE), TIMESTAMP '1969-12-31 23:59:59.999999', TIME '00:00:00', INTERVAL '0 days', ARRAY['x']
  UNION ALL SELECT 3, NULL, CAST('-Infinity' AS DOUBLE PRECISION), NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
) AS sample`;

/** Computed by an implementation in TypeScript, which a test of this package compares with. */
export const sampleFingerprint = {
  rowCount: 3,
  rows: "640e01b739dce9c7f00e697db779a7a2",
  order: "2d5afb862297c42f595492047154f706",
  schema: "3b75dcb2e3554a2b4bbcad07c3d994e0",
  columns: {
    place: "5ac4110cd5eb9d2f5fd97a4bee251b93",
    whole: "c2d2b08a791c05c0e39df419b08276cd",
    fraction: "57ae11a67d5b4a66da789e1b08ad1cce",
    price: "f28a5f554e8a5b098f7bdc5bd311ad54",
    flag: "ba61591e83b98827571e7c228e4d5125",
    label: "0f03ba247f795d0f7d3d5a80d3f17aac",
    day: "cefc4d30ef7c1da2ec345d49f2a3f4fc",
    moment: "74544063de02f2d176ce3a4014535024",
    clock: "2eaa63382b710de6fd776fe381c4d2a7",
    span: "7c9a71146a11685132d0ddb189887a71",
    list: "61438871d14a0cb2934195061b1f169d",
  },
};

export const fingerprintCases: readonly ConformanceCase[] = [
  {
    name: "the same rows have the same fingerprint on every engine",
    async run(engine) {
      const fingerprint = await engine.fingerprint({ kind: "query", sql: `${sample} ORDER BY place` });
      assert.deepEqual(
        { ...fingerprint, partitions: undefined, snapshot: undefined },
        {
          ...sampleFingerprint,
          partitions: undefined,
          snapshot: undefined,
        },
      );
    },
  },
  {
    name: "numbers of all types have one form in fingerprints",
    async run(engine) {
      const hashes = new Set<string>();
      for (const type of ["SMALLINT", "INTEGER", "BIGINT", "REAL", "DOUBLE PRECISION", "DECIMAL(10, 3)"]) {
        const sql = `SELECT CAST(12 AS ${type}) AS a`;
        hashes.add(JSON.stringify({ ...(await engine.fingerprint({ kind: "query", sql })), snapshot: null }));
      }
      assert.equal(hashes.size, 1);
    },
  },
  {
    name: "fingerprints tell order from content, and count duplicates",
    async run(engine) {
      const of = (sql: string): ReturnType<typeof engine.fingerprint> => engine.fingerprint({ kind: "query", sql });
      const values = "SELECT * FROM (VALUES (1, 'a'), (2, 'b'), (2, 'b')) AS v(i, label)";
      const upwards = await of(`${values} ORDER BY i`);
      const downwards = await of(`${values} ORDER BY i DESC`);
      assert.equal(upwards.rows, downwards.rows);
      assert.notEqual(upwards.order, downwards.order);
      assert.equal((await of(values)).order, null);
      const single = await of("SELECT * FROM (VALUES (1, 'a'), (2, 'b')) AS v(i, label)");
      assert.notEqual(single.rows, upwards.rows);
      const changed = await of("SELECT * FROM (VALUES (1, 'a'), (2, 'b'), (3, 'b')) AS v(i, label)");
      assert.notEqual(changed.rows, upwards.rows);
      assert.notEqual(changed.columns.i, upwards.columns.i);
      assert.equal(changed.columns.label, upwards.columns.label);
      assert.equal(changed.schema, upwards.schema);
    },
  },
  {
    name: "fingerprints name partitions, also that of missing values",
    async run(engine) {
      const sql = `SELECT * FROM (VALUES (1, DATE '2026-01-01'), (2, DATE '2026-01-01'), (3, NULL)) AS v(i, day)`;
      const { partitions } = await engine.fingerprint({ kind: "query", sql }, { partitionBy: "day" });
      assert.deepEqual(
        Object.entries(partitions).map(([name, { rowCount }]) => [name, rowCount]),
        [
          ["2026-01-01", 2],
          ["__HIVE_DEFAULT_PARTITION__", 1],
        ],
      );
      await assertRejects(() => engine.fingerprint({ kind: "query", sql }, { partitionBy: "no" }), "COLUMN_MISSING");
    },
  },
  {
    name: "no rows have a fingerprint of zeros",
    async run(engine) {
      const { rowCount, rows } = await engine.fingerprint({ kind: "query", sql: "SELECT 1 AS a WHERE FALSE" });
      assert.deepEqual({ rowCount, rows }, { rowCount: 0, rows: "0".repeat(32) });
    },
  },
];
