import assert from "node:assert/strict";
import type { CellValue, QueryEngine } from "../engine.js";
import type { ConformanceCase } from "./case.js";
import { type ConformanceDialect, type DialectFeature, standardDialect } from "./dialect.js";

type Expressions = readonly (readonly [sql: string, cell: CellValue])[];

/** Expressions with the cells they give, by what they show, and the feature that a dialect needs for them. */
const expressionsOf = ({
  types,
  list,
}: ConformanceDialect): readonly (readonly [group: string, values: Expressions, feature?: DialectFeature])[] => [
  [
    "false, 0 and empty text are values, and null is null",
    [
      ["FALSE", false],
      ["TRUE", true],
      ["CAST(0 AS INTEGER)", 0],
      ["''", ""],
      ["CAST(NULL AS INTEGER)", null],
    ],
  ],
  [
    "integers beyond 2^53 are bigints",
    [
      ["CAST(-5 AS SMALLINT)", -5],
      ["CAST('9007199254740991' AS BIGINT)", 9007199254740991],
      ["CAST('9007199254740993' AS BIGINT)", 9007199254740993n],
      ["CAST('-9223372036854775808' AS BIGINT)", -9223372036854775808n],
    ],
  ],
  [
    "doubles keep NaN, the infinities and every digit",
    [
      [`CAST('NaN' AS ${types.double})`, Number.NaN],
      [`CAST('Infinity' AS ${types.double})`, Number.POSITIVE_INFINITY],
      [`CAST('-Infinity' AS ${types.double})`, Number.NEGATIVE_INFINITY],
      [`CAST('0.1' AS ${types.double}) + CAST('0.2' AS ${types.double})`, 0.30000000000000004],
      [`CAST('5e-324' AS ${types.double})`, 5e-324],
      [`CAST('1.7976931348623157e308' AS ${types.double})`, Number.MAX_VALUE],
    ],
  ],
  [
    "decimals lose no digit",
    [
      ["CAST('12.30' AS DECIMAL(10, 2))", 12.3],
      ["CAST('-0.05' AS DECIMAL(10, 2))", -0.05],
      ["CAST('12345678901234567.89' AS DECIMAL(20, 2))", "12345678901234567.89"],
      ["CAST('9007199254740993.00' AS DECIMAL(20, 2))", 9007199254740993n],
    ],
  ],
  [
    "timestamps are ISO 8601 in UTC",
    [
      ["TIMESTAMP '2026-01-02 03:04:05'", "2026-01-02T03:04:05.000Z"],
      ["TIMESTAMP '2026-01-02 03:04:05.678'", "2026-01-02T03:04:05.678Z"],
      ["TIMESTAMP '1969-12-31 23:59:59.999999'", "1969-12-31T23:59:59.999999Z"],
      [`CAST('2026-01-02 03:04:05+02' AS ${types.timestampWithZone})`, "2026-01-02T01:04:05.000Z"],
      ["DATE '2024-02-29'", "2024-02-29"],
      ["DATE '1582-10-15'", "1582-10-15"],
      ["DATE '0001-01-01'", "0001-01-01"],
      ["TIMESTAMP '9999-12-31 23:59:59.999999'", "9999-12-31T23:59:59.999999Z"],
    ],
  ],
  [
    "infinite dates and timestamps are named",
    [
      ["CAST('infinity' AS TIMESTAMP)", "infinity"],
      ["CAST('-infinity' AS DATE)", "-infinity"],
    ],
    "infiniteDates",
  ],
  [
    "times of day have six more digits where there is a fraction",
    [
      ["TIME '12:34:56'", "12:34:56"],
      ["TIME '12:34:56.5'", "12:34:56.500000"],
    ],
    "timeOfDay",
  ],
  [
    "intervals are ISO 8601 durations",
    [
      ["INTERVAL '14 months 3 days 25 hours'", "P1Y2M3DT25H"],
      ["INTERVAL '0 days'", "PT0S"],
    ],
    "mixedIntervals",
  ],
  [
    "lists are arrays",
    [
      [list(["1", "2", "3"]), [1, 2, 3]],
      [list(["'a,b'", "NULL", "'NULL'", "'\"'", "''"]), ["a,b", null, "NULL", '"', ""]],
      [
        list([list(["1", "2"]), list(["3", "4"])]),
        [
          [1, 2],
          [3, 4],
        ],
      ],
      [list(["TIMESTAMP '2026-01-02 03:04:05'"]), ["2026-01-02T03:04:05.000Z"]],
    ],
  ],
  [
    "uuids are text",
    [["CAST('A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11' AS UUID)", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"]],
    "uuid",
  ],
  ["text of any script is text", [["'Grüße 東京 🜁'", "Grüße 東京 🜁"]]],
];

const expressionCases: readonly ConformanceCase[] = expressionsOf(standardDialect).map(([name, , feature], place) => ({
  name,
  ...(feature !== undefined && { needsFeature: feature }),
  async run(engine, dialect) {
    const values = expressionsOf(dialect)[place]?.[1] ?? [];
    const selected = values.map(([sql], index) => `${sql} AS c${index}`).join(", ");
    const expected = Object.fromEntries(values.map(([, cell], index) => [`c${index}`, cell]));
    assert.deepEqual(await engine.query(`SELECT ${selected}`), [expected]);
  },
}));

/** Texts that would end or change a statement if they were pasted into it. */
export const hostileTexts = [
  "'",
  "''",
  '"',
  "'; DROP TABLE victims; --",
  '"; DROP TABLE victims; --',
  "\\'; DROP TABLE victims; --",
  "$1",
  "$$",
  "%s",
  "a\nb\tc",
  "--",
  "/*",
  "é\u{1F701}",
  "",
];

export const valueCases: readonly ConformanceCase[] = [
  ...expressionCases,
  {
    name: "parameters are bound and come back unchanged",
    async run(engine, { types }) {
      for (const text of hostileTexts) {
        assert.deepEqual(await echo(engine, text, types.text), text);
      }
      assert.deepEqual(await echo(engine, 9007199254740993n, "BIGINT"), 9007199254740993n);
      assert.deepEqual(await echo(engine, Number.NaN, types.double), Number.NaN);
      assert.deepEqual(await echo(engine, 0.1, types.double), 0.1);
      assert.deepEqual(await echo(engine, false, "BOOLEAN"), false);
      assert.deepEqual(await echo(engine, null, "INTEGER"), null);
      assert.deepEqual(
        await echo(engine, new Uint8Array([0, 255, 92, 39]), types.bytes),
        new Uint8Array([0, 255, 92, 39]),
      );
      assert.deepEqual(await echo(engine, ["a,b", null, '"\\'], types.listOfText), ["a,b", null, '"\\']);
      assert.deepEqual(await echo(engine, "2026-01-02T03:04:05.678Z", "TIMESTAMP"), "2026-01-02T03:04:05.678Z");
    },
  },
  {
    name: "columns of the same name are told apart",
    async run(engine) {
      assert.deepEqual(await engine.query("SELECT 1 AS a, 2 AS a, 3 AS b"), [{ a: 1, "a:1": 2, b: 3 }]);
    },
  },
];

async function echo(engine: QueryEngine, value: CellValue, type: string): Promise<CellValue | undefined> {
  const [row] = await engine.query(`SELECT CAST($1 AS ${type}) AS value`, { parameters: [value] });
  return row?.value;
}
