import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openEngine, type QueryEngine } from "@deepwright/engines";
import { findPostgres, type PostgresServer, startPostgres } from "@deepwright/tooling/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { tablesOf } from "../conformance/write-table.test.support.js";
import { checkDiffs } from "./diff.test.support.js";
import { diffTables } from "./diff-tables.js";

let engine: QueryEngine;
const folder = mkdtempSync(join(tmpdir(), "deepwright-diff-"));
beforeAll(async () => {
  engine = await openEngine({ kind: "duckdb" });
});
afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
});
const query = (sql: string) => ({ kind: "query", sql }) as const;
const file = (name: string, content: string) => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return { kind: "file", path } as const;
};

describe("diffTables agrees with its definition on random tables", () => {
  it("on duckdb", { timeout: 120_000 }, async () => {
    const side = { engine, write: tablesOf(engine) };
    await checkDiffs({ before: side, after: side }, 60);
  });

  it("between two databases of duckdb", { timeout: 120_000 }, async () => {
    const other = await openEngine({ kind: "duckdb" });
    try {
      await checkDiffs(
        { before: { engine, write: tablesOf(engine) }, after: { engine: other, write: tablesOf(other) } },
        40,
      );
    } finally {
      await other.close();
    }
  });

  const programs = findPostgres();
  describe.skipIf(programs === null)(`on postgres${programs ? "" : " (skipped: no initdb)"}`, () => {
    let server: PostgresServer;
    let postgres: QueryEngine;
    beforeAll(async () => {
      server = await startPostgres();
      postgres = await openEngine({ kind: "postgres", uri: server.uri });
    }, 120_000);
    afterAll(async () => {
      await postgres.close();
      await server.stop();
    });

    it("within one database", { timeout: 120_000 }, async () => {
      const side = { engine: postgres, write: tablesOf(postgres) };
      await checkDiffs({ before: side, after: side }, 40);
    });

    it("from postgres to duckdb, and back", { timeout: 120_000 }, async () => {
      const [left, right] = [
        { engine: postgres, write: tablesOf(postgres) },
        { engine, write: tablesOf(engine) },
      ];
      await checkDiffs({ before: left, after: right }, 30);
      await checkDiffs({ before: right, after: left }, 15);
    });

    it("fetches only buckets that differ, between numeric, bigint and double", { timeout: 120_000 }, async () => {
      await postgres.query(
        "CREATE TABLE sales AS SELECT i AS id, CAST(i AS numeric(20,2)) / 4 AS price, CAST(i AS numeric(12,0)) AS shop, 'n' || i AS name FROM generate_series(1, 20000) AS g(i)",
      );
      const path = join(folder, "sales.parquet");
      await engine.query(
        "COPY (SELECT CAST(i AS BIGINT) AS id, CASE WHEN i IN (77, 12345) THEN -1 ELSE i / 4 END::DOUBLE AS price, CAST(i AS INTEGER) AS shop, 'n' || i AS name FROM range(2, 20002) AS g(i)) TO $1 (FORMAT parquet)",
        { parameters: [path] },
      );
      const diff = await diffTables(
        postgres,
        { kind: "table", name: "sales" },
        { kind: "file", path },
        { key: ["id"], afterEngine: engine },
      );
      expect(diff).toMatchObject({ addedRows: 1, removedRows: 1, changedRows: 2, verdict: "other-rows" });
      expect(diff.changedColumns).toEqual([
        {
          column: "price",
          changedCells: 2,
          sample: expect.arrayContaining([
            { key: { id: 77 }, before: 19.25, after: -1 },
            { key: { id: 12345 }, before: 3086.25, after: -1 },
          ]),
        },
      ]);
      expect(diff.fetchedRows).toBeLessThan(2_000);
    });
  });
});

describe("diffTables", () => {
  it("tells another order of the same rows from other rows", async () => {
    const [a, b] = [file("a.csv", "id,x\n1,10\n2,20\n"), file("b.csv", "id,x\n2,20\n1,10\n")];
    expect(await diffTables(engine, a, b, { key: ["id"] })).toMatchObject({
      verdict: "same-rows-other-order",
      orderKnown: true,
      statementCount: 6,
      sentence: "The same 2 rows in another order.",
    });
    expect(await diffTables(engine, a, a)).toMatchObject({
      verdict: "same-rows",
      sentence: "The same 2 rows in the same order.",
    });
  });

  it("says what changed in a sentence, with few statements", async () => {
    const before = query("SELECT i AS id, i * 10 AS price, 'x' AS kept, 1 AS gone FROM range(100) AS g(i)");
    const after = query(
      "SELECT i AS id, CASE WHEN i % 50 = 1 THEN NULL ELSE i * 10 END AS price, 'x' AS kept, 2 AS come FROM range(1, 103) AS g(i)",
    );
    const diff = await diffTables(engine, before, after, { key: ["id"], sampleSize: 2 });
    expect(diff.sentence).toBe(
      '3 rows added, 1 row removed, 2 rows changed ("price" in 2), columns added: "come", columns removed: "gone".',
    );
    expect(diff.addedSample).toEqual([
      { id: 100, price: 1000, kept: "x", come: 2 },
      { id: 101, price: null, kept: "x", come: 2 },
    ]);
    expect(diff.removedSample).toEqual([{ id: 0, price: 0, kept: "x", gone: 1 }]);
    expect(diff.changedColumns[0]?.sample[0]).toEqual({ key: { id: 1 }, before: 10, after: null });
    expect(diff.statementCount).toBeLessThanOrEqual(7);
  });

  it("compares types that changed: numbers by value, others as text", async () => {
    const before = query("SELECT 1 AS id, 0.5::DOUBLE AS a, 12 AS b, DATE '2026-01-02' AS c, [1, 2] AS d");
    const after = query(
      "SELECT 1 AS id, 0.5::DECIMAL(4,2) AS a, '12' AS b, TIMESTAMP '2026-01-02 00:00:00' AS c, [1, 2] AS d",
    );
    const diff = await diffTables(engine, before, after, { key: ["id"] });
    expect(diff).toMatchObject({ verdict: "other-columns", changedColumns: [] });
    expect(diff.retypedColumns.map(({ name }) => name)).toEqual(["a", "b", "c"]);
  });

  it("keeps within tolerances of each column, and infinities and NaN apart", async () => {
    const rows = (values: string) => query(`SELECT * FROM (VALUES ${values}) AS t(id, x, seen)`);
    const before = rows(
      "(1, 100::DOUBLE, TIMESTAMP '2026-01-01 00:00:00'), (2, 'NaN', NULL), (3, 'Infinity', NULL), (4, 1e308, NULL), (5, 1e-300, NULL), (6, 0, NULL)",
    );
    const after = rows(
      "(1, 100.5::DOUBLE, TIMESTAMP '2026-01-01 00:00:02'), (2, 'NaN', NULL), (3, '-Infinity', NULL), (4, -1e308, NULL), (5, 1.1e-300, NULL), (6, '-0', NULL)",
    );
    const near = await diffTables(engine, before, after, {
      key: ["id"],
      tolerances: { x: { relative: 0.01 }, seen: { absolute: 2 } },
    });
    expect(near.changedColumns.map(({ column, sample }) => [column, sample.map(({ key }) => key.id)])).toEqual([
      ["x", [3, 4, 5]],
    ]);
    const one = (x: string) => query(`SELECT 1 AS id, ${x}::DOUBLE AS x`);
    expect(
      await diffTables(engine, one("1"), one("1.001"), { key: ["id"], tolerances: { x: { absolute: 0.01 } } }),
    ).toMatchObject({
      verdict: "within-tolerance",
    });
  });

  it("compares rows of keys that are repeated or missing as a multiset", async () => {
    const before = query("SELECT * FROM (VALUES (1, 'a'), (1, 'a'), (2, 'b'), (NULL, 'c'), (3, 'd')) AS t(id, x)");
    const after = query("SELECT * FROM (VALUES (1, 'a'), (2, 'B'), (NULL, 'C'), (3, 'd')) AS t(id, x)");
    expect(await diffTables(engine, before, after, { key: ["id"] })).toMatchObject({
      addedRows: 1,
      removedRows: 2,
      changedRows: 1,
      ambiguousRowsBefore: 3,
      ambiguousRowsAfter: 2,
    });
  });

  it("counts rows where no column is common", async () => {
    const diff = await diffTables(engine, query("SELECT 1 AS a FROM range(3)"), query("SELECT 1 AS b FROM range(5)"));
    expect(diff).toMatchObject({ verdict: "other-rows", addedRows: 2, addedColumns: ["b"], removedColumns: ["a"] });
  });

  it("leaves columns out", async () => {
    const diff = await diffTables(engine, query("SELECT 1 AS id, 5 AS loaded"), query("SELECT 1 AS id, 6 AS loaded"), {
      key: ["id"],
      ignore: ["loaded"],
    });
    expect(diff.verdict).toBe("same-rows");
  });

  it("takes names and values for data", async () => {
    const name = engine.quoteIdentifier(`a"; DROP TABLE x; --`);
    const diff = await diffTables(
      engine,
      query(`SELECT 1 AS ${name}, 'x' AS y`),
      query(`SELECT 1 AS ${name}, '''; --' AS y`),
      { key: [`a"; DROP TABLE x; --`] },
    );
    expect(diff.changedColumns[0]?.sample[0]?.after).toBe("'; --");
  });

  it.each([
    ["no key column", { key: [] }],
    ["one key column twice", { key: ["id", "id"] }],
    ["a tolerance without a key", { tolerances: { x: { absolute: 1 } } }],
    ["a negative tolerance", { key: ["id"], tolerances: { x: { absolute: -1 } } }],
    ["a broken sample size", { sampleSize: 1.5 }],
    ["no rows at once", { rowsAtOnce: 0 }],
  ])("refuses %s", async (_, options) => {
    const source = query("SELECT 1 AS id, 2 AS x");
    await expect(diffTables(engine, source, source, options)).rejects.toMatchObject({ code: "ARGUMENT_INVALID" });
  });

  it("names a key column that a side lacks", async () => {
    await expect(
      diffTables(engine, query("SELECT 1 AS id"), query("SELECT 1 AS ident"), { key: ["id"] }),
    ).rejects.toMatchObject({
      code: "COLUMN_MISSING",
    });
  });
});
