import { findPostgres, type PostgresServer, startPostgres } from "@deepwright/tooling/testing";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CellValue, DataFingerprint, QueryEngine } from "../engine.js";
import { openEngine } from "../open-engine.js";
import { compareFingerprints } from "./compare.js";
import { mergeFingerprints } from "./merge.js";

type Row = readonly [whole: bigint | null, label: string | null, fraction: number | null];
const names = ["whole", "label", "fraction"] as const;

const anyWhole = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const whole = fc.oneof(anyWhole, fc.bigInt({ min: 0n, max: 3n }));
const label = fc.string({ unit: "binary", maxLength: 8 }).map((text) => text.replaceAll("\0", ""));
const tenth = fc.integer({ min: -2, max: 2 }).map((tenths) => tenths / 10);
const fraction = fc.oneof(fc.double(), tenth);
const row = fc.tuple(fc.option(whole), fc.option(label), fc.option(fraction));
const rows = (minLength: number): fc.Arbitrary<Row[]> => fc.array(row, { minLength, maxLength: 30 });

let engine: QueryEngine;
beforeAll(async () => {
  engine = await openEngine({ kind: "duckdb", threads: 2 });
});
afterAll(() => engine.close());

function fingerprintOf(data: readonly Row[], on = engine, partitionBy?: string): Promise<DataFingerprint> {
  const types = ["BIGINT", "VARCHAR", "DOUBLE PRECISION"];
  const columns = names.map((name, index) => `unnest(CAST($${index + 1} AS ${types[index]}[])) AS ${name}`);
  const parameters = names.map((_, index) => data.map((cells) => cells[index] as CellValue));
  const options = { parameters, order: true, ...(partitionBy !== undefined && { partitionBy }) };
  return on.fingerprint({ kind: "query", sql: `SELECT ${columns.join(", ")}` }, options);
}

/** Whether two cells are one value in a fingerprint. */
const same = (a: CellValue, b: CellValue): boolean => a === b || Object.is(a, b);
const sameRow = (a: Row | undefined, b: Row | undefined): boolean =>
  names.every((_, index) => same(a?.[index] ?? null, b?.[index] ?? null));

describe("fingerprints", () => {
  it("keep rows and columns under a permutation, and change the order unless it moves equal rows only", async () => {
    const shuffled = rows(1).chain((data) =>
      fc.tuple(fc.constant(data), fc.shuffledSubarray(data, { minLength: data.length, maxLength: data.length })),
    );
    await fc.assert(
      fc.asyncProperty(shuffled, async ([data, other]) => {
        const comparison = compareFingerprints(await fingerprintOf(data), await fingerprintOf(other));
        const moved = data.some((cells, index) => !sameRow(cells, other[index]));
        expect(comparison.verdict).toBe(moved ? "same-rows-other-order" : "same-rows-same-order");
        expect(comparison.changedColumns).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it("change in rows and in just that column when one cell changes", async () => {
    const change = rows(1).chain((data) =>
      fc.record({ data: fc.constant(data), at: fc.nat(data.length - 1), column: fc.nat(2), replacement: row }),
    );
    await fc.assert(
      fc.asyncProperty(change, async ({ data, at, column, replacement }) => {
        const before = data[at] as Row;
        fc.pre(!same(before[column] as CellValue, replacement[column] as CellValue));
        const changed = before.map((cell, index) => (index === column ? replacement[column] : cell)) as unknown as Row;
        const comparison = compareFingerprints(await fingerprintOf(data), await fingerprintOf(data.with(at, changed)));
        expect(comparison.verdict).toBe("other-rows");
        expect(comparison.changedColumns).toEqual([names[column]]);
      }),
      { numRuns: 60 },
    );
  });

  it("of parts merge to that of the whole, wherever it is cut", async () => {
    const cut = rows(0).chain((data) =>
      fc.tuple(
        fc.constant(data),
        fc.array(fc.nat(data.length), { maxLength: 4 }).map((cuts) => cuts.sort((a, b) => a - b)),
      ),
    );
    await fc.assert(
      fc.asyncProperty(cut, async ([data, cuts]) => {
        const edges = [0, ...cuts, data.length];
        const parts = edges.slice(1).map((end, index) => data.slice(edges[index], end));
        const merged = mergeFingerprints(await Promise.all(parts.map((part) => fingerprintOf(part, engine, "whole"))));
        expect(merged).toEqual(await fingerprintOf(data, engine, "whole"));
      }),
      { numRuns: 40 },
    );
  });

  it("count duplicates", async () => {
    await fc.assert(
      fc.asyncProperty(rows(1), fc.nat(29), async (data, at) => {
        const twice = [...data, data[at % data.length] as Row];
        expect((await fingerprintOf(twice)).rows).not.toBe((await fingerprintOf(data)).rows);
      }),
      { numRuns: 30 },
    );
  });

  it("see that columns were paired otherwise", async () => {
    const data: Row[] = [1n, 2n, 3n].map((whole) => [whole, `row ${whole}`, 0.5]);
    const shifted = data.map((cells, index) => [cells[0], data[(index + 1) % 3]?.[1] ?? null, cells[2]] as const);
    expect(compareFingerprints(await fingerprintOf(data), await fingerprintOf(shifted))).toMatchObject({
      verdict: "other-rows",
      changedColumns: [],
      pairedOtherwise: true,
    });
  });
});

const programs = findPostgres();

describe.skipIf(programs === null)(`fingerprints on two engines${programs ? "" : " (skipped: no initdb)"}`, () => {
  let server: PostgresServer;
  let postgres: QueryEngine;
  beforeAll(async () => {
    server = await startPostgres();
    postgres = await openEngine({ kind: "postgres", uri: server.uri });
  });
  afterAll(async () => {
    await postgres?.close();
    await server?.stop();
  });

  it("have the same digits for the same rows", async () => {
    await fc.assert(
      fc.asyncProperty(rows(0), fc.constantFrom(...names), async (data, partitionBy) => {
        const there = await fingerprintOf(data, postgres, partitionBy);
        expect({ ...there, snapshot: null }).toEqual(await fingerprintOf(data, engine, partitionBy));
      }),
      { numRuns: 60 },
    );
  });

  it("have the same digits for doubles of every magnitude", async () => {
    const doubles = fc.array(fc.oneof(fc.double(), fc.float(), fc.double({ min: -1e6, max: 1e6 })), {
      minLength: 200,
      maxLength: 200,
    });
    await fc.assert(
      fc.asyncProperty(doubles, async (values) => {
        const data = values.map((value): Row => [null, null, value]);
        expect((await fingerprintOf(data, postgres)).columns).toEqual((await fingerprintOf(data)).columns);
      }),
      { numRuns: 20 },
    );
  });

  it("have the same digits for timestamps, dates, times and nested lists", async () => {
    const values = `TIMESTAMP '2000-01-01' + i * INTERVAL '1234567 seconds' + i * INTERVAL '1 microsecond' AS moment,
      DATE '1970-01-01' + i * 97 AS day, TIME '00:00:00' + i * INTERVAL '7 seconds' AS clock,
      ARRAY[CAST(i AS DOUBLE PRECISION) / 3, NULL] AS thirds, CAST(i AS DECIMAL(12, 4)) / 8 AS eighths`;
    const sql = `SELECT ${values} FROM (SELECT CAST(i AS INTEGER) AS i FROM generate_series(-5000, 5000) AS g(i)) AS n ORDER BY i`;
    const source = { kind: "query", sql } as const;
    expect({ ...(await postgres.fingerprint(source)), snapshot: null }).toEqual(await engine.fingerprint(source));
  });
});
