import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DataSource, openEngine, type QueryEngine } from "@deepwright/engines";
import { findPostgres, findSpark, startPostgres, startSpark } from "@deepwright/tooling/testing";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { filesOf, type TableRow, tablesOf, type WriteTable } from "../conformance/write-table.test.support.js";
import { binnedQuantile, binningFor, binValue } from "./binning.js";
import { distinctError, estimateDistinct, registersOf } from "./distinct-sketch.js";
import { columnPartitions } from "./find-partitions.js";
import { mergeStates } from "./merge-states.js";
import { scanPartition } from "./scan-partition.js";
import type { Binning, NumberState, PartitionState } from "./state.js";
import { columnTypes, hashKey, naiveBin, naiveColumn, sameColumns, tableRows } from "./states.test.support.js";
import { summarizeWindow } from "./summarize-window.js";

/** As a store does: the first partition decides. */
function claims() {
  const known = new Map<string, Binning>();
  return async (column: string, numbers: NumberState): Promise<Binning> => {
    const binning = known.get(column) ?? binningFor(numbers);
    known.set(column, binning);
    return binning;
  };
}

async function stateOf(
  engine: QueryEngine,
  source: DataSource,
  binningOf: ReturnType<typeof claims>,
  valueLimit = 200,
): Promise<PartitionState> {
  const { rowCount, columns } = await scanPartition(engine, source, { valueLimit, distinct: true, binningOf });
  return { partition: "p", content: null, rowCount, scannedAtMs: 0, columns };
}

async function agreesWithTypeScript(engine: QueryEngine, write: WriteTable, numRuns: number): Promise<void> {
  const property = fc.asyncProperty(tableRows, async (rows) => {
    const state = await stateOf(engine, await write("naive rows", columnTypes, rows), claims());
    expect(state.rowCount).toBe(rows.length);
    for (const [name, found] of Object.entries(state.columns)) {
      const wanted = naiveColumn(rows, name);
      expect(found).toMatchObject({
        rowCount: wanted.rowCount,
        nullCount: wanted.nullCount,
        nonFiniteCount: wanted.nonFiniteCount,
      });
      const { numbers } = found;
      const size = wanted.numbers.reduce((most, each) => Math.max(most, Math.abs(each)), 1);
      expect(numbers?.count).toBe(wanted.numbers.length);
      expect(numbers?.min ?? Number.POSITIVE_INFINITY).toBe(Math.min(...wanted.numbers));
      expect(numbers?.max ?? Number.NEGATIVE_INFINITY).toBe(Math.max(...wanted.numbers));
      expect(Math.abs((numbers?.mean ?? 0) - wanted.mean)).toBeLessThanOrEqual(1e-12 * size);
      expect(Math.abs((numbers?.squares ?? 0) - wanted.squares)).toBeLessThanOrEqual(1e-9 * size * size);
      if (numbers?.bins) {
        const { binning, counts } = numbers.bins;
        expect(Object.values(counts).reduce((sum, each) => sum + each, 0)).toBe(wanted.numbers.length);
        const bins = wanted.numbers.map((each) => naiveBin(each, binning));
        for (const bin of new Set(bins)) {
          if (bin === null || bins.includes(null)) continue;
          expect(counts[String(bin)]).toBe(bins.filter((each) => each === bin).length);
        }
      }
      const keepsText = ["i", "s", "d"].includes(name);
      expect(found.values).toEqual(keepsText || name === "b" ? wanted.values : null);
      expect(found.registers).toBe(keepsText ? registersOf(wanted.hashKeys) : null);
    }
  });
  await fc.assert(property, { numRuns, seed: 4 });
}

/** Days of timestamps and dates, and texts that could end a literal. */
async function partitionsAreTold(engine: QueryEngine, write: WriteTable): Promise<void> {
  const rows = [
    { t: "2026-01-01 00:00:00", d: "2026-01-01", s: "a'b" },
    { t: "2026-01-01 23:59:59", d: "2026-01-02", s: "c" },
    { t: "2026-01-02 00:00:00", d: "2026-01-02", s: "c" },
    { t: null, d: null, s: null },
  ];
  const source = await write("told", { t: "TIMESTAMP", d: "DATE", s: "VARCHAR" }, rows);
  const counts: Record<string, Record<string, number>> = {};
  for (const column of ["t", "d", "s"]) {
    const found = await columnPartitions(engine, source, column);
    const sizes = await Promise.all(
      found.map(async (part) => [part.name, (await stateOf(engine, part.source, claims())).rowCount] as const),
    );
    counts[column] = Object.fromEntries(sizes);
  }
  const missing = { __HIVE_DEFAULT_PARTITION__: 1 };
  expect(counts).toEqual({
    t: { "2026-01-01": 2, "2026-01-02": 1, ...missing },
    d: { "2026-01-01": 1, "2026-01-02": 2, ...missing },
    s: { "a'b": 1, c: 2, ...missing },
  });
}

describe("the state of a partition", () => {
  let engine: QueryEngine;
  beforeAll(async () => {
    engine = await openEngine({ kind: "duckdb" });
  });
  afterAll(() => engine.close());

  it("is what plain TypeScript makes of the rows", { timeout: 120_000 }, () =>
    agreesWithTypeScript(engine, tablesOf(engine), 40),
  );

  it("has partitions told by columns", () => partitionsAreTold(engine, tablesOf(engine)));

  it("merges: states of parts, in any order and grouping, are that of the whole", { timeout: 120_000 }, async () => {
    const write = tablesOf(engine);
    const property = fc.asyncProperty(
      fc.array(tableRows, { minLength: 2, maxLength: 4 }),
      fc.constantFrom(3, 200),
      fc.integer({ min: 0, max: 5 }),
      async (parts, valueLimit, turn) => {
        const binningOf = claims();
        const states: PartitionState[] = [];
        for (const rows of parts) {
          states.push(await stateOf(engine, await write("part", columnTypes, rows), binningOf, valueLimit));
        }
        const whole = await stateOf(engine, await write("part", columnTypes, parts.flat()), binningOf, valueLimit);
        const wanted = mergeStates([whole], valueLimit).columns;
        expect(sameColumns(mergeStates(states, valueLimit).columns, wanted)).toEqual([]);
        const turned = [...states.slice(turn % states.length), ...states.slice(0, turn % states.length)].reverse();
        expect(sameColumns(mergeStates(turned, valueLimit).columns, wanted)).toEqual([]);
        const [first, ...rest] = states;
        const nested = mergeStates([first as PartitionState, mergeStates(rest, valueLimit)], valueLimit);
        expect(sameColumns(nested.columns, wanted)).toEqual([]);
        expect(nested.rowCount).toBe(parts.flat().length);
      },
    );
    await fc.assert(property, { numRuns: 25, seed: 5 });
  });

  it("merges two parts to the same bits in both orders", async () => {
    const binningOf = claims();
    const part = async (sql: string) => stateOf(engine, { kind: "query", sql }, binningOf);
    const a = await part("SELECT random() * 1e9 AS x FROM range(1000)");
    const b = await part("SELECT -random() AS x FROM range(7)");
    expect(mergeStates([a, b]).columns).toEqual(mergeStates([b, a]).columns);
  });

  it("refuses to merge a column that changed its kind of values, or that has other bins", async () => {
    const one = await stateOf(engine, { kind: "query", sql: "SELECT 1 AS x" }, claims());
    const other = await stateOf(engine, { kind: "query", sql: "SELECT 'a' AS x" }, claims());
    const further = await stateOf(engine, { kind: "query", sql: "SELECT 3 AS x" }, claims());
    expect(() => mergeStates([one, other])).toThrowError(/"x" to hold the same kind.*integer and text/);
    expect(() => mergeStates([one, further])).toThrowError(/"x" to have the same bins/);
    expect(mergeStates([])).toEqual({ partitions: [], rowCount: 0, columns: {} });
  });

  it("takes names that would break objects or SQL, and more columns than one statement groups", async () => {
    const names = ['"; DROP TABLE x; --', "__proto__", "constructor", ...Array.from({ length: 90 }, (_, i) => `c${i}`)];
    const list = names.map((name, index) => `${index} AS ${engine.quoteIdentifier(name)}`);
    const state = await stateOf(engine, { kind: "query", sql: `SELECT ${list.join(", ")}` }, claims());
    expect(Object.keys(state.columns)).toEqual(names);
    const merged = summarizeWindow(mergeStates([state, state]));
    expect(Object.getOwnPropertyDescriptor(merged, "__proto__")?.value).toMatchObject({ min: 1, max: 1, mean: 1 });
    expect(Object.getOwnPropertyDescriptor(merged, "constructor")?.value.distinct).toMatchObject({
      count: 1,
      exact: true,
    });
  });

  const programs = findPostgres();
  it.skipIf(programs === null)(
    `is the same on postgres${programs ? "" : " (skipped: no initdb)"}`,
    { timeout: 120_000 },
    async () => {
      const server = await startPostgres();
      const postgres = await openEngine({ kind: "postgres", uri: server.uri });
      try {
        await agreesWithTypeScript(postgres, tablesOf(postgres), 25);
        await partitionsAreTold(postgres, tablesOf(postgres));
      } finally {
        await postgres.close();
        await server.stop();
      }
    },
  );

  const { reason } = findSpark();
  it.skipIf(reason !== null)(
    `is the same on spark${reason === null ? "" : ` (skipped: ${reason})`}`,
    { timeout: 400_000 },
    async () => {
      const folder = mkdtempSync(join(tmpdir(), "deepwright-states-"));
      const server = await startSpark();
      const spark = await openEngine({ kind: "spark", uri: server.uri });
      try {
        await agreesWithTypeScript(spark, filesOf(engine, folder), 3);
        await partitionsAreTold(spark, filesOf(engine, folder));
      } finally {
        await spark.close();
        await server.stop();
        rmSync(folder, { recursive: true, force: true });
      }
    },
  );
});

describe("bins", () => {
  it("give quantiles within the stated error of the exact ones", () => {
    const values = fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 60 });
    const property = fc.property(values, values, fc.double({ min: 0, max: 1, noNaN: true }), (first, all, p) => {
      const binning = binningFor(momentsOf(first));
      const counts: Record<string, number> = {};
      for (const value of all) {
        const bin = naiveBin(value, binning);
        fc.pre(bin !== null);
        counts[String(bin)] = (counts[String(bin)] ?? 0) + 1;
      }
      const found = binnedQuantile({ ...momentsOf(all), bins: { binning, counts } }, p) as number;
      const sorted = [...all].sort((left, right) => left - right);
      const exact = sorted[Math.max(0, Math.ceil(p * all.length) - 1)] as number;
      const bound = Math.max(binning.floor, binning.error * Math.abs(exact - binning.origin)) * (1 + 1e-6);
      expect(Math.abs(found - exact)).toBeLessThanOrEqual(bound);
    });
    fc.assert(property, { numRuns: 500, seed: 6 });
  });

  it("stand for the middle of their range by relative distance", () => {
    const binning = { origin: 100, floor: 1, error: 0.01 };
    expect(binValue(0, binning)).toBe(100);
    expect(binValue(-3, binning)).toBeCloseTo(200 - binValue(3, binning), 9);
  });
});

describe("the sketch of different values", () => {
  it.each([0, 1, 10, 1000, 5000, 20_000, 100_000])("estimates %i within four standard deviations", (count) => {
    const keys = Array.from({ length: count }, (_, index) => hashKey(`value ${index}`));
    const estimate = estimateDistinct(registersOf(keys));
    expect(Math.abs(estimate - count)).toBeLessThanOrEqual(4 * distinctError * count + (count < 20 ? 0.5 : 0));
  });
});

function momentsOf(values: readonly number[]) {
  const { mean, squares } = naiveColumn(
    values.map((x): TableRow => ({ x })),
    "x",
  );
  return { count: values.length, mean, squares, min: Math.min(...values), max: Math.max(...values) };
}
