import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openEngine, type QueryEngine } from "@deepwright/engines";
import { findPostgres, type PostgresServer, startPostgres } from "@deepwright/tooling/testing";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Row, randomRows, writeRows } from "../conformance/random-table.js";
import { defineSuite, expectations } from "../suite/build.js";
import { quarantine } from "./quarantine.js";

const suite = defineSuite({
  name: "split",
  key: ["id"],
  expectations: [
    expectations.between({ column: "i", min: 0 }),
    expectations.unique({ column: "j", nulls: "ignore", where: "i >= 0" }),
    expectations.foreignKey({ columns: ["s"], references: { source: "known", columns: ["s"] }, nulls: "ignore" }),
    expectations.notNull({ column: "t", mostly: 0.5 }),
    expectations.isFiniteNumber({ column: "d", severity: "warning" }),
    expectations.meanBetween({ column: "e", max: -1 }),
  ],
});

/** Reasons of a row as plain TypeScript finds them. */
function reasons(row: Row, rows: readonly Row[]): string[] {
  const kept = rows.filter((each) => each.i !== null && each.i >= 0);
  const twice = kept.includes(row) && row.j !== null && kept.filter((each) => each.j === row.j).length > 1;
  const missing = rows.filter((each) => each.t === null).length;
  return [
    ...(row.i === null || row.i < 0 ? ["between:i"] : []),
    ...(twice ? ["unique:j"] : []),
    ...(row.s === "z" ? ["foreignKey:s"] : []),
    ...(row.t === null && missing > rows.length / 2 ? ["notNull:t"] : []),
  ];
}

async function checkSplit(engine: QueryEngine): Promise<void> {
  await engine.query("CREATE TABLE known AS SELECT 'x' AS s UNION ALL SELECT 'y'");
  const property = fc.asyncProperty(randomRows, async (rows) => {
    await writeRows(engine, "data", rows);
    for (const table of ["good rows", "bad rows"])
      await engine.query(`DROP TABLE IF EXISTS ${engine.quoteIdentifier(table)}`);
    const { goodCount, badCount, undivided } = await quarantine(engine, { kind: "table", name: "data" }, suite, {
      good: { kind: "table", name: "good rows" },
      bad: { kind: "table", name: "bad rows" },
      sources: { known: { kind: "table", name: "known" } },
    });
    const wanted = new Map(rows.map((row) => [row.id, reasons(row, rows).join("; ")]));
    const good = await engine.query<{ id: number }>('SELECT id FROM "good rows" ORDER BY id');
    const bad = await engine.query<{ id: number; r: string }>(
      'SELECT id, deepwright_reasons AS r FROM "bad rows" ORDER BY id',
    );
    expect(good.map((row) => row.id)).toEqual(rows.filter((row) => wanted.get(row.id) === "").map((row) => row.id));
    const wrong = rows.filter((row) => wanted.get(row.id) !== "");
    expect(bad).toEqual(wrong.map((row) => ({ id: row.id, r: wanted.get(row.id) })));
    expect([goodCount, badCount]).toEqual([good.length, bad.length]);
    expect(undivided).toContain("meanBetween:e");
  });
  await fc.assert(property, { numRuns: 25, seed: 7 });
}

describe("quarantine", () => {
  const folder = mkdtempSync(join(tmpdir(), "deepwright-quarantine-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("gives each row to one side with its reasons, on duckdb", { timeout: 60_000 }, async () => {
    const engine = await openEngine({ kind: "duckdb" });
    try {
      await checkSplit(engine);
    } finally {
      await engine.close();
    }
  });

  const programs = findPostgres();
  describe.skipIf(programs === null)(`on postgres${programs ? "" : " (skipped: no initdb)"}`, () => {
    let server: PostgresServer;
    beforeAll(async () => {
      server = await startPostgres();
      return () => server.stop();
    });

    it("gives each row to one side with its reasons", { timeout: 60_000 }, async () => {
      const engine = await openEngine({ kind: "postgres", uri: server.uri });
      try {
        await checkSplit(engine);
      } finally {
        await engine.close();
      }
    });
  });

  it("writes Parquet files, and leaves nothing when a target can't be written", async () => {
    const engine = await openEngine({ kind: "duckdb" });
    try {
      const path = join(folder, "prices.csv");
      writeFileSync(path, "id,price\n1,10\n2,-1\n3,\n");
      const prices = defineSuite({ name: "prices", expectations: [expectations.positive({ column: "price" })] });
      const targets = {
        good: { kind: "file", path: join(folder, "good.parquet") },
        bad: { kind: "file", path: join(folder, "bad.parquet") },
      } as const;
      const { goodCount, badCount } = await quarantine(engine, { kind: "file", path }, prices, targets);
      expect([goodCount, badCount]).toEqual([1, 2]);
      expect(
        await engine.query(`SELECT id, deepwright_reasons AS r FROM ${engine.fromClause(targets.bad)} ORDER BY id`),
      ).toEqual([
        { id: 2, r: "positive:price" },
        { id: 3, r: "positive:price" },
      ]);
      await expect(quarantine(engine, { kind: "file", path }, prices, targets)).rejects.toMatchObject({
        code: "SUITE_INVALID",
      });
      const lost = {
        good: { kind: "file", path: join(folder, "more.parquet") },
        bad: { kind: "file", path: join(folder, "absent", "bad.parquet") },
      } as const;
      await expect(quarantine(engine, { kind: "file", path }, prices, lost)).rejects.toThrow();
      expect(existsSync(lost.good.path) || existsSync(`${lost.good.path}.partial`)).toBe(false);
    } finally {
      await engine.close();
    }
  });
});
