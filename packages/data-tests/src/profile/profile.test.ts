import { openEngine, type QueryEngine } from "@deepwright/engines";
import { findPostgres, type PostgresServer, startPostgres } from "@deepwright/tooling/testing";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mean, variance } from "../conformance/naive.js";
import { columnTypes, type Row, randomRows, writeRows } from "../conformance/random-table.js";
import { profile } from "./profile.js";

async function checkProfile(engine: QueryEngine): Promise<void> {
  const property = fc.asyncProperty(randomRows, async (rows) => {
    await writeRows(engine, "profiled", rows);
    const found = await profile(engine, { kind: "table", name: "profiled" });
    expect(found.rowCount).toBe(rows.length);
    expect(found.columns.map((column) => column.name)).toEqual(Object.keys(columnTypes));
    for (const column of found.columns) {
      const cells = rows.map((row) => row[column.name as keyof Row]).filter((cell) => cell !== null);
      expect(column.nullCount).toBe(rows.length - cells.length);
      const different = new Set(cells.map((cell) => (cell === 0 ? 0 : cell))).size;
      if (column.distinctIsExact) expect(column.distinctCount).toBe(different);
      else expect(column.distinctCount > 0).toBe(different > 0);
      const numbers = cells.filter((cell) => typeof cell === "number");
      const finite = numbers.filter(Number.isFinite);
      if (["integer", "double"].includes(column.family)) {
        expect(column.nonFiniteCount).toBe(numbers.length - finite.length);
        expect(column.negativeCount).toBe(numbers.filter((value) => value < 0).length);
        expect(column.zeroCount).toBe(numbers.filter((value) => value === 0).length);
        expect(column.min ?? Number.POSITIVE_INFINITY).toBeCloseTo(Math.min(...finite), 9);
        expect(column.max ?? Number.NEGATIVE_INFINITY).toBeCloseTo(Math.max(...finite), 9);
        if (finite.length > 0) expect(column.mean).toBeCloseTo(mean(finite), 9);
        if (finite.length > 1) expect(column.standardDeviation).toBeCloseTo(Math.sqrt(variance(finite)), 9);
        else expect(column.standardDeviation).toBe(null);
      }
      if (column.family === "text") {
        const lengths = cells.map((cell) => [...String(cell)].length);
        expect([column.minLength, column.maxLength]).toEqual(
          lengths.length === 0 ? [null, null] : [Math.min(...lengths), Math.max(...lengths)],
        );
        expect(column.emptyCount).toBe(lengths.filter((length) => length === 0).length);
      }
      if (column.family === "boolean") expect(column.trueCount).toBe(cells.filter((cell) => cell === true).length);
    }
  });
  await fc.assert(property, { numRuns: 30, seed: 11 });
}

describe("profiles agree with plain TypeScript", () => {
  it("on duckdb", { timeout: 60_000 }, async () => {
    const engine = await openEngine({ kind: "duckdb" });
    try {
      await checkProfile(engine);
    } finally {
      await engine.close();
    }
  });

  const programs = findPostgres();
  describe.skipIf(programs === null)(`on postgres${programs ? "" : " (skipped: no initdb)"}`, () => {
    let server: PostgresServer;
    beforeAll(async () => {
      server = await startPostgres();
    });
    afterAll(() => server.stop());
    it("with exact counts of different values", { timeout: 60_000 }, async () => {
      const engine = await openEngine({ kind: "postgres", uri: server.uri });
      try {
        await checkProfile(engine);
      } finally {
        await engine.close();
      }
    });
  });
});
