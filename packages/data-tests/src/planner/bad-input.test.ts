import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openEngine, type QueryEngine } from "@deepwright/engines";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { expectations } from "../suite/build.js";
import { parseSuite } from "../suite/parse.js";
import type { Expectation } from "../suite/suite.js";
import { runSuite } from "./run-suite.js";

let engine: QueryEngine;
const folder = mkdtempSync(join(tmpdir(), "deepwright-bad-input-"));
beforeAll(async () => {
  engine = await openEngine({ kind: "duckdb" });
});
afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
});

const file = (name: string, content: string | Buffer) => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return { kind: "file", path } as const;
};
const suite = (...list: Expectation[]) => ({ name: "test", expectations: list });
const price = expectations.positive({ column: "price" });
const query = (sql: string) => ({ kind: "query", sql }) as const;

describe("data that can't be read gives an error and no verdict", () => {
  it("a corrupt Parquet file", async () => {
    const good = join(folder, "good.parquet");
    await engine.query("COPY (SELECT range AS price FROM range(100000)) TO $1 (FORMAT parquet)", {
      parameters: [good],
    });
    const { readFileSync } = await import("node:fs");
    const bytes = readFileSync(good);
    await expect(
      runSuite(engine, file("cut.parquet", bytes.subarray(0, bytes.length / 2)), suite(price)),
    ).rejects.toMatchObject({
      code: "DATA_FILE_INVALID",
    });
    await expect(runSuite(engine, file("text.parquet", "price\n1\n"), suite(price))).rejects.toMatchObject({
      code: "DATA_FILE_INVALID",
    });
  });

  it("a missing file", async () => {
    const absent = { kind: "file", path: join(folder, "absent.csv") } as const;
    await expect(runSuite(engine, absent, suite(price))).rejects.toMatchObject({ code: "DATA_FILE_MISSING" });
  });

  it("a value of another type deep in a CSV file, with its line", async () => {
    const lines = Array.from({ length: 30_000 }, (_, index) => String(index + 1));
    lines[25_000] = "many";
    const source = file("late.csv", `price\n${lines.join("\n")}\n`);
    await expect(runSuite(engine, source, suite(price))).rejects.toMatchObject({
      code: "DATA_FILE_INVALID",
      details: { line: 25_002 },
    });
  });

  it("an aborted run", async () => {
    const source = query("SELECT range AS price FROM range(10)");
    await expect(runSuite(engine, source, suite(price), { signal: AbortSignal.abort() })).rejects.toThrow();
  });

  it("a function of the user's that throws", async () => {
    const list = suite(expectations.customFunction({ function: "fails" }));
    const fails = () => {
      throw new RangeError("mine");
    };
    await expect(runSuite(engine, query("SELECT 1 AS a"), list, { functions: { fails } })).rejects.toThrow("mine");
  });
});

describe("data that is wrong as a whole fails, and says why", () => {
  it.each([
    ["a wrong delimiter", "id;price\n1;2\n3;4\n".replace(/;/g, "¦")],
    ["a renamed column", "id,cost\n1,2\n"],
  ])("%s", async (_, content) => {
    const result = await runSuite(engine, file("renamed.csv", content), suite(price, expectations.notEmpty({})));
    expect(result.passed).toBe(false);
    expect(result.results[0]).toMatchObject({ fault: "COLUMN_MISSING", passed: false });
    expect(result.results[0]?.sentence).toContain('there is no column "price"');
    expect(result.results[1]?.passed).toBe(true);
  });

  it("a column whose type changed", async () => {
    const result = await runSuite(engine, file("type.csv", "price\nlow\nhigh\n"), suite(price));
    expect(result.results[0]).toMatchObject({ fault: "COLUMN_TYPE", observed: "varchar" });
  });

  it("an empty table, an empty file with a head, and rows that a filter removes", async () => {
    const filtered = expectations.positive({ column: "price", where: "price > 100" });
    for (const [source, list] of [
      [query("SELECT 1 AS price WHERE false"), price],
      [file("empty.csv", "price\n"), expectations.notNull({ column: "price" })],
      [query("SELECT 1 AS price"), filtered],
    ] as const) {
      const result = await runSuite(engine, source, suite(list));
      expect(result.results[0]).toMatchObject({ passed: false, fault: "NO_ROWS" });
    }
    const allowed = expectations.positive({ column: "price", whenEmpty: "pass" });
    expect((await runSuite(engine, query("SELECT 1 AS price WHERE false"), suite(allowed))).passed).toBe(true);
  });

  it("nulls, one row, NaN and infinities", async () => {
    const rows = query("SELECT CAST(NULL AS DOUBLE) AS price FROM range(3)");
    const list = suite(
      price,
      expectations.positive({ column: "price", nulls: "ignore" }),
      expectations.meanBetween({ column: "price", min: 0 }),
    );
    expect((await runSuite(engine, rows, list)).results.map((each) => each.passed)).toEqual([false, false, false]);
    const spread = suite(expectations.standardDeviationBetween({ column: "price", max: 1 }));
    expect((await runSuite(engine, query("SELECT 1.5::DOUBLE AS price"), spread)).passed).toBe(false);
    for (const value of ["NaN", "Infinity", "-Infinity"]) {
      const source = query(`SELECT '${value}'::DOUBLE AS price UNION ALL SELECT 1`);
      const figures = suite(
        expectations.meanBetween({ column: "price", min: 0 }),
        expectations.isFiniteNumber({ column: "price" }),
      );
      expect((await runSuite(engine, source, figures)).results.map((each) => each.passed)).toEqual([false, false]);
    }
  });
});

describe("suites that are wrong are refused before anything is read", () => {
  it.each([
    ["no name", "expectations: [{ kind: notEmpty }]", "SUITE_INVALID"],
    ["an unknown kind", "{ name: a, expectations: [{ kind: beetween, column: a }] }", "SUITE_INVALID"],
    ["an unknown option", "{ name: a, expectations: [{ kind: notNull, column: a, mostlly: 1 }] }", "SUITE_INVALID"],
    ["no bound", "{ name: a, expectations: [{ kind: between, column: a }] }", "SUITE_INVALID"],
    [
      "one id twice",
      "{ name: a, expectations: [{ kind: notEmpty, id: x }, { kind: notEmpty, id: x }] }",
      "SUITE_INVALID",
    ],
    ["no YAML", "{ name: a", "SUITE_INVALID"],
    ["a bomb of aliases", "a: &a [1]\nb: *a", "SUITE_INVALID"],
  ])("%s", (_, written, code) => {
    expect(() => parseSuite(written)).toThrow(expect.objectContaining({ code }));
  });

  it("names the kind that was meant", () => {
    expect(() => parseSuite("{ name: a, expectations: [{ kind: beetween, column: a }] }")).toThrow(
      "Did you mean between?",
    );
  });

  it.each(["(", "a(?=b)", "\\bword", "(?<name>x)", "[[:alpha:]]", "(a)\\1", "\\p{L}", "[\\W]", "*"])(
    "the pattern %s",
    async (pattern) => {
      const list = suite(expectations.matches({ column: "t", pattern }));
      await expect(runSuite(engine, query("SELECT 'a' AS t"), list)).rejects.toMatchObject({ code: "PATTERN_INVALID" });
    },
  );

  it.each([
    "1=1) OR (1=1",
    "true; DROP TABLE kept",
    "true -- x",
    "a = 'open",
    "/* x */ true",
    "a = $1",
    "",
    "a) FROM kept; --",
  ])("the condition %s", async (condition) => {
    await engine.query("CREATE TABLE IF NOT EXISTS kept AS SELECT 1 AS a");
    for (const list of [suite({ kind: "notEmpty", where: condition }), suite({ kind: "satisfies", condition })]) {
      await expect(runSuite(engine, query("SELECT 1 AS a"), list)).rejects.toMatchObject({
        code: expect.stringMatching(/^(SQL_EXPRESSION_INVALID|SUITE_INVALID)$/),
      });
    }
    expect(await engine.query("SELECT a FROM kept")).toEqual([{ a: 1 }]);
  });
});

describe("names and values are data", () => {
  const hostile = `x"; DROP TABLE kept; --'`;
  it("hostile names of columns and hostile values", async () => {
    await engine.query("CREATE TABLE IF NOT EXISTS kept AS SELECT 1 AS a");
    const name = engine.quoteIdentifier(hostile);
    await engine.query(`CREATE OR REPLACE TABLE hostile AS SELECT $1 AS ${name}`, { parameters: [hostile] });
    const list = suite(
      expectations.notNull({ column: hostile }),
      expectations.equalTo({ column: hostile, value: hostile }),
      expectations.inSet({ column: hostile, values: [hostile, "'"] }),
      expectations.startsWith({ column: hostile, text: 'x";' }),
      expectations.unique({ column: hostile }),
      expectations.notEmpty({ where: [{ column: hostile, is: "=", value: hostile }] }),
    );
    const result = await runSuite(engine, { kind: "table", name: "hostile" }, list);
    expect(result.results.filter((each) => !each.passed)).toEqual([]);
    expect(await engine.query("SELECT a FROM kept")).toEqual([{ a: 1 }]);
  });

  it("ten thousand columns", { timeout: 60_000 }, async () => {
    const names = Array.from({ length: 10_000 }, (_, index) => `c${index}`);
    const list = (value: (index: number) => string) =>
      names.map((name, index) => `${value(index)} AS ${name}`).join(", ");
    await engine.query(
      `CREATE TABLE wide AS SELECT ${list(() => "1")} UNION ALL SELECT ${list((index) => (index === 77 ? "NULL" : "2"))}`,
    );
    const source = { kind: "table", name: "wide" } as const;
    const result = await runSuite(engine, source, suite(...names.map((column) => expectations.notNull({ column }))));
    expect(result.results.filter((each) => !each.passed).map((each) => each.columns)).toEqual([["c77"]]);
    expect(result.statementCount).toBe(2);
  });
});
