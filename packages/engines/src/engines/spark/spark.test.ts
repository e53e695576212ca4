import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findSpark, type SparkServer, startSpark } from "@deepwright/tooling/testing";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CellValue, DataSource, QueryEngine } from "../../engine.js";
import { openEngine } from "../../open-engine.js";

const { reason } = findSpark();
const limit = 120_000;

describe.skipIf(reason !== null)(`the engine spark${reason === null ? "" : ` (skipped: ${reason})`}`, () => {
  let folder: string;
  let server: SparkServer;
  let spark: QueryEngine;
  let duckdb: QueryEngine;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "deepwright-spark-files-"));
    server = await startSpark();
    spark = await openEngine({ kind: "spark", uri: server.uri });
    duckdb = await openEngine({ kind: "duckdb", threads: 2 });
  }, 240_000);
  afterAll(async () => {
    await spark?.close();
    await duckdb?.close();
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  }, limit);

  const file = (name: string): DataSource => ({ kind: "file", path: join(folder, name) });
  const write = (sql: string, name: string, options = ""): Promise<unknown> =>
    duckdb.query(`COPY (${sql}) TO '${join(folder, name)}' ${options}`);
  const rows = "SELECT i AS id, i / 10 AS tenth, 'row ' || i AS label, i % 2 = 0 AS even FROM range(9000) AS r(i)";

  it(
    "files have the fingerprint that DuckDB gives them, and single ones have their order",
    async () => {
      for (const name of ["same.parquet", "same.csv", "same.json", "same.csv.gz"]) await write(rows, name);
      expect((await spark.fingerprint(file("same.parquet"))).order).not.toBe(null);
      for (const name of ["same.parquet", "same.csv", "same.json", "same.csv.gz"]) {
        const expected = await duckdb.fingerprint(file(name));
        const fingerprint = await spark.fingerprint(file(name));
        // Spark orders the columns of JSON by name, which the schema's hash tells, and nothing else.
        if (name.endsWith(".json")) expect(fingerprint.schema).not.toBe(expected.schema);
        const { schema } = name.endsWith(".json") ? fingerprint : expected;
        expect({ name, ...fingerprint }).toEqual({ name, ...expected, schema });
      }
    },
    limit,
  );

  it(
    "a large JSON file that Spark splits keeps its order",
    async () => {
      await write("SELECT i AS id, repeat('x', 120) || i AS label FROM range(150000) AS r(i)", "large.json");
      const { order, rows: sum } = await spark.fingerprint(file("large.json"));
      const expected = await duckdb.fingerprint(file("large.json"));
      expect({ order, sum }).toEqual({ order: expected.order, sum: expected.rows });
    },
    limit,
  );

  it(
    "folders are partitions, in the order of their names",
    async () => {
      for (const format of ["parquet", "csv"]) {
        mkdirSync(join(folder, `${format}s`));
        for (const [name, first] of [
          ["b", 5000],
          ["a b%41", 0],
          ["c", 9000],
        ] as const) {
          await write(`SELECT i AS id FROM range(${first}, ${first + 4100}) AS r(i)`, `${format}s/${name}.${format}`);
        }
        expect(await spark.fingerprint(file(`${format}s`))).toEqual(await duckdb.fingerprint(file(`${format}s`)));
        const pattern = `${format}s/*.${format}`;
        expect(await spark.fingerprint(file(pattern))).toEqual(await duckdb.fingerprint(file(pattern)));
      }
      await write(
        "SELECT i AS id, i % 3 AS day FROM range(10000) AS r(i)",
        "by-day",
        "(FORMAT parquet, PARTITION_BY (day))",
      );
      const byDay = { partitionBy: "day" };
      expect(await spark.fingerprint(file("by-day"), byDay)).toEqual(await duckdb.fingerprint(file("by-day"), byDay));
      expect(await spark.fingerprint(file("by-day"))).toEqual(await duckdb.fingerprint(file("by-day")));
    },
    limit,
  );

  it(
    "files may have almost any name, others are refused, and are read anew by each statement",
    async () => {
      const names = [
        "a'b",
        "a`b",
        "a b",
        "a,b",
        "a%20b",
        "a;--b",
        "é\u{1F701}",
        "a$1b",
        "a\\b",
        "a*b",
        "a?b",
        "a[b]",
        "a{b,c}",
      ];
      for (const name of [...names.map((name) => `${name}.json`), ...names.slice(0, 8).map((name) => `${name}.csv`)]) {
        const source = file(name);
        for (const value of [1, 2]) {
          writeFileSync(join(folder, name), name.endsWith(".csv") ? `a\n${value}\n` : `{"a":${value}}\n`);
          expect([name, await spark.query(`SELECT * FROM ${spark.fromClause(source)}`)]).toEqual([
            name,
            [{ a: value }],
          ]);
        }
        expect([name, (await spark.fingerprint(source)).rowCount]).toEqual([name, 1]);
      }
      for (const name of [...names.slice(8).map((name) => `${name}.csv`), "a:b.json"]) {
        writeFileSync(join(folder, name), "a\n1\n");
        const details = { file: join(folder, name) };
        await expect(spark.fingerprint(file(name))).rejects.toMatchObject({ code: "DATA_FILE_INVALID", details });
      }
    },
    limit,
  );

  it(
    "bad files are named in typed errors",
    async () => {
      writeFileSync(join(folder, "garbage.parquet"), "this is no Parquet file at all");
      writeFileSync(join(folder, "cut.json"), '{"a":1}\n{"a":2}\n{"a":\n');
      writeFileSync(join(folder, "ragged.csv"), "a,b\n1,2\n3,4,5\n");
      writeFileSync(join(folder, "empty.parquet"), "");
      writeFileSync(join(folder, "table.arrow"), "1");
      for (const [name, code] of [
        ["ragged.csv", "DATA_FILE_INVALID"],
        ["empty.parquet", "DATA_FILE_INVALID"],
        ["garbage.parquet", "DATA_FILE_INVALID"],
        ["cut.json", "DATA_FILE_INVALID"],
        ["absent.parquet", "DATA_FILE_MISSING"],
        ["absent.csv", "DATA_FILE_MISSING"],
        ["table.arrow", "CAPABILITY_MISSING"],
      ] as const) {
        const named = code === "DATA_FILE_INVALID" ? { code, details: { file: join(folder, name) } } : { code };
        await expect(spark.fingerprint(file(name)), name).rejects.toMatchObject(named);
      }
    },
    limit,
  );

  it(
    "doubles of any bits have the fingerprint that DuckDB gives them",
    async () => {
      const doubles = fc.sample(
        fc.oneof(fc.double(), fc.double({ min: 1e-4, max: 1e15 }), fc.double({ min: -1e6, max: 1e6 })),
        { numRuns: 3000, seed: 7 },
      );
      const path = join(folder, "doubles.parquet");
      const values = doubles.map((value) => `(CAST('${Object.is(value, -0) ? "-0.0" : value}' AS DOUBLE))`).join(", ");
      await write(`SELECT value FROM (VALUES ${values}) AS v(value)`, "doubles.parquet");
      const source = { kind: "file", path } as const;
      expect(await spark.fingerprint(source)).toEqual(await duckdb.fingerprint(source));
    },
    limit,
  );

  it(
    "nested values and maps come back, and have the fingerprint that DuckDB gives them",
    async () => {
      const sql = "SELECT {'a': 1, 'b': ['x', NULL]} AS record, MAP {'k': 1.5} AS entries, [[1, 2], []] AS lists";
      await write(sql, "nested.parquet");
      const source = file("nested.parquet");
      expect(await spark.query(`SELECT * FROM ${spark.fromClause(source)}`)).toEqual(await duckdb.query(sql));
      expect(await spark.fingerprint(source)).toEqual(await duckdb.fingerprint(source));
    },
    limit,
  );

  it(
    "no text that is bound or quoted gets out of its place",
    async () => {
      const text = fc.string({
        unit: fc.oneof(fc.constantFrom(..."'\"`\\;-/*$1:p(){},%\n\t "), fc.string({ unit: "binary", maxLength: 1 })),
      });
      const name = text.filter((value) => value !== "" && !value.includes("\0"));
      await fc.assert(
        fc.asyncProperty(text, name, fc.array(fc.option(text)), async (value, alias, list) => {
          const sql = `SELECT CAST($1 AS STRING) AS ${spark.quoteIdentifier(alias)}, CAST($2 AS ARRAY<STRING>) AS ${"z".repeat(60)}`;
          const [row] = await spark.query<Record<string, CellValue>>(sql, { parameters: [value, list] });
          expect(Object.entries(row ?? {})).toEqual([
            [alias, value],
            ["z".repeat(60), list],
          ]);
        }),
        { numRuns: 60, examples: [["${'}", "${'}", ["${spark:x}", null]]] },
      );
      expect(() => spark.quoteIdentifier("a\0b")).toThrow(expect.objectContaining({ code: "TEXT_WITH_NUL" }));
    },
    limit,
  );

  // The last one, as it ends the server.
  it(
    "a server that dies in the middle of a query, or is away, is a typed error that a retry can help",
    async () => {
      const away = { code: "ENGINE_UNAVAILABLE", retryable: true };
      const stream = spark.stream("SELECT id AS i FROM range(0, 900000000, 1, 2000)")[Symbol.asyncIterator]();
      expect((await stream.next()).done).toBe(false);
      const rest = (async () => {
        while (!(await stream.next()).done);
      })();
      process.kill(server.processId, "SIGKILL");
      await expect(rest).rejects.toMatchObject(away);
      await expect(spark.query("SELECT 1")).rejects.toMatchObject(away);
      await expect(openEngine({ kind: "spark", uri: server.uri })).rejects.toMatchObject(away);
    },
    limit,
  );
});
