import assert from "node:assert/strict";
import { assertRejects } from "./assert-rejects.js";
import type { ConformanceCase } from "./case.js";
import type { ConformanceDialect } from "./dialect.js";

/** Five rows with the values that every engine has; `$1` is some bytes. */
const commonSample = ({ types, list }: ConformanceDialect): string => {
  const double = (text: string): string => `CAST('${text}' AS ${types.double})`;
  return `SELECT * FROM (
  SELECT 1 AS place, CAST(1 AS BIGINT) AS whole, ${double("0.1")} AS fraction, CAST('1.50' AS DECIMAL(10, 2)) AS price, TRUE AS flag,
    'Grüße, 1:2~' AS label, DATE '2026-01-02' AS day, TIMESTAMP '2026-01-02 03:04:05.678' AS moment, ${list(["'a,b'", "NULL"])} AS list,
    CAST($1 AS ${types.bytes}) AS payload
  UNION ALL SELECT 2, CAST('-9223372036854775808' AS BIGINT), ${double("NaN")}, CAST('-0.05' AS DECIMAL(10, 2)), FALSE, '',
    DATE '0001-01-01', TIMESTAMP '1969-12-31 23:59:59.999999', ${list(["'x'"])}, NULL
  UNION ALL SELECT 3, NULL, ${double("-Infinity")}, NULL, NULL, NULL, NULL, NULL, NULL, NULL
  UNION ALL SELECT 4, CAST('9007199254740993' AS BIGINT), ${double("-1.7976931348623157e308")}, CAST('12345678.90' AS DECIMAL(10, 2)), TRUE,
    '東京 🜁', DATE '9999-12-31', TIMESTAMP '9999-12-31 23:59:59.999999', ${list(["'🜁'"])}, NULL
  UNION ALL SELECT 5, CAST(0 AS BIGINT), ${double("5e-324")}, CAST(100 AS DECIMAL(10, 2)), FALSE, '~', DATE '1969-12-31',
    TIMESTAMP '1582-10-15 00:00:00', ${list(["''"])}, NULL
) AS sample`;
};

/** Computed by an implementation in TypeScript, which a test of this package compares with. */
export const commonFingerprint = {
  rowCount: 5,
  rows: "a52bd5cb910f15d527b902d69ae40b52",
  order: "7488b791464e3f571a7549307acd68e7",
  schema: "16c425b023b22e7250e981175ddc191b",
  columns: {
    place: "095efd7442f78d858a06738d856796e0",
    whole: "3b06568d14a7eaecd2ae3396f70787e7",
    fraction: "098ddbb039e3db4722c12aa7d39085c7",
    price: "77788d5cd9bf540aa3d36a478a9e3a38",
    flag: "f67fb9506f698f65a98af7b5430e8476",
    label: "1b1ae1676ec67d0de6137beaf1c743ba",
    day: "7af00069e9fbcf3bdd9f19767bc6aa76",
    moment: "3f38e0de96710df3e0c0f1b339a65ab1",
    list: "5ade5656832ff6830ea06ed36aa8b961",
    payload: "ed1e6417d9fd54fcbde98a9ee2f09015",
  },
};

/** Three rows with the kinds that some engines lack too. */
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

/** Where the forms of doubles meet, and powers of two and ten around them. */
export const doubles: readonly string[] = [
  ...[
    "1e-4",
    "9.999999999999999e-5",
    "1e15",
    "999999999999999.9",
    "9e18",
    "8999999999999998976",
    "-9e18",
    "1.5e300",
    "-2.5e-300",
  ],
  ...[
    "2.2250738585072014e-308",
    "2.225073858507201e-308",
    "4.9e-324",
    "-5e-324",
    "1e23",
    "2e-44",
    "123456.789",
    "-0.0",
    "0.3",
  ],
  ...["9007199254740993", "4503599627370496.5", "0.000123456789012345", "1125899906842624.1", "1e22", "8.41e21"],
  ...Array.from({ length: 40 }, (_, index) => String(2 ** (index * 53 - 1070))),
  ...Array.from({ length: 40 }, (_, index) => String(Math.sqrt(10 ** (index - 8)))),
];

/** Computed as {@link commonFingerprint}. */
export const doublesFingerprint = "27ffa15d665906005ae76f136a368cb6";

export const fingerprintCases: readonly ConformanceCase[] = [
  {
    name: "the same rows have the same fingerprint on every engine",
    async run(engine, dialect) {
      const source = { kind: "query", sql: `${commonSample(dialect)} ORDER BY place` } as const;
      const payload = new Uint8Array([0, 255, 92, 39]);
      const { rowCount, rows, order, schema, columns } = await engine.fingerprint(source, { parameters: [payload] });
      assert.deepEqual({ rowCount, rows, order, schema, columns }, commonFingerprint);
    },
  },
  {
    name: "doubles of every size have the same fingerprint on every engine",
    async run(engine, { types }) {
      const values = doubles.map((text, index) => `(${index}, CAST('${text}' AS ${types.double}))`).join(", ");
      const { columns } = await engine.fingerprint({
        kind: "query",
        sql: `SELECT * FROM (VALUES ${values}) AS v(i, value)`,
      });
      assert.equal(columns.value, doublesFingerprint);
    },
  },
  {
    name: "times of day, infinite dates and mixed intervals have the same fingerprint on every engine",
    needsFeature: "timeOfDay",
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
    async run(engine, { types }) {
      const hashes = new Set<string>();
      for (const type of ["SMALLINT", "INTEGER", "BIGINT", "REAL", types.double, "DECIMAL(10, 3)"]) {
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
