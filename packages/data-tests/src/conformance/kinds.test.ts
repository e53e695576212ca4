import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { manualClock } from "@deepwright/core";
import { type DataSource, openEngine, type QueryEngine } from "@deepwright/engines";
import { findPostgres, findSpark, type PostgresServer, startPostgres, startSpark } from "@deepwright/tooling/testing";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { catalogue, type KindName, kindNames } from "../expectations/catalogue.js";
import { runSuite } from "../planner/run-suite.js";
import type { RowFilter } from "../suite/common.js";
import type { Expectation } from "../suite/suite.js";
import type { Environment, KindCases, Parent } from "./case.js";
import type { NaiveResult } from "./naive.js";
import { type Row, randomRows, writeRows } from "./random-table.js";
import { isKnown, statementCases } from "./statement-cases.js";
import { tableCases } from "./table-cases.js";
import { valueCases } from "./value-cases.js";

const cases: KindCases = { ...valueCases, ...tableCases, ...statementCases };
const nowMs = Date.UTC(2026, 0, 9, 12);
const isAboutColumns = (kind: KindName): boolean => kind.startsWith("column");

/** A filter in both forms, and the rows that it lets through. */
const filters: readonly { readonly where: RowFilter; readonly keeps: (row: Row) => boolean }[] = [
  { where: "i >= 0 OR i IS NULL", keeps: (row) => row.i === null || row.i >= 0 },
  { where: [{ column: "s", is: "in", values: ["x", "y"] }], keeps: (row) => row.s === "x" || row.s === "y" },
  {
    where: [
      { column: "id", is: "<", value: 8 },
      { column: "t", is: "not null" },
    ],
    keeps: (row) => row.id < 8 && row.t !== null,
  },
];

interface Asked {
  readonly [fc.toStringMethod]: () => string;
  readonly expectation: Expectation;
  readonly naive: (rows: readonly Row[], environment: Environment) => NaiveResult;
}

/** Each kind once, with random options and perhaps a filter. */
const asked: fc.Arbitrary<Asked[]> = fc.tuple(
  ...kindNames.map((kind) =>
    fc
      .tuple(cases[kind].options as fc.Arbitrary<object>, fc.constantFrom(null, null, ...filters))
      .map(([options, filter]): Asked => {
        const filtered = filter !== null && !isAboutColumns(kind);
        const parsed = catalogue[kind].options.parse(options);
        return {
          expectation: { kind, ...options, ...(filtered && { where: filter.where }) } as Expectation,
          [fc.toStringMethod]: () => kind,
          naive: (rows, environment) => {
            const kept = filtered ? rows.filter(filter.keeps) : rows;
            const countsRows = kind === "rowCountBetween" || kind === "rowCountEquals";
            if (kept.length === 0 && !isAboutColumns(kind) && !countsRows) return { passed: false };
            return cases[kind].naive(kept, parsed as never, environment);
          },
        };
      }),
  ),
);

const parents: fc.Arbitrary<Parent[]> = fc
  .uniqueArray(fc.integer({ min: 0, max: 6 }), { maxLength: 6 })
  .chain((keys) =>
    fc.tuple(...keys.map((k) => fc.record({ k: fc.constant(k), x: fc.constantFrom(null, 0, 1.5, 2, Number.NaN) }))),
  );

async function writeParents(engine: QueryEngine, rows: readonly Parent[]): Promise<void> {
  await engine.query("DROP TABLE IF EXISTS parents");
  await engine.query("CREATE TABLE parents (k INTEGER, x DOUBLE PRECISION)");
  for (const { k, x } of rows) {
    await engine.query("INSERT INTO parents VALUES (CAST($1 AS INTEGER), CAST($2 AS DOUBLE PRECISION))", {
      parameters: [k, x],
    });
  }
}

type WriteTables = (
  rows: readonly Row[],
  parents: readonly Parent[],
) => Promise<{ source: DataSource; parents: DataSource }>;

function writeTables(engine: QueryEngine): WriteTables {
  return async (rows, parentRows) => {
    await writeRows(engine, "random rows", rows);
    await writeParents(engine, parentRows);
    return { source: { kind: "table", name: "random rows" }, parents: { kind: "table", name: "parents" } };
  };
}

/** Parquet files for an engine that only reads. */
function writeFiles(duckdb: QueryEngine, folder: string): WriteTables {
  let number = 0;
  return async (rows, parentRows) => {
    const tables = await writeTables(duckdb)(rows, parentRows);
    number += 1;
    const copy = async (table: DataSource, name: string): Promise<DataSource> => {
      const path = join(folder, `${name}${number}.parquet`);
      await duckdb.query(`COPY (SELECT * FROM ${duckdb.fromClause(table)}) TO $1 (FORMAT parquet)`, {
        parameters: [path],
      });
      return { kind: "file", path };
    };
    return { source: await copy(tables.source, "rows"), parents: await copy(tables.parents, "parents") };
  };
}

/** Sums of doubles depend on their order in the last digits. */
function near(found: unknown, wanted: number | null | undefined): boolean {
  if (typeof wanted !== "number" || !Number.isFinite(wanted)) return true;
  return Math.abs(Number(found) - wanted) <= 1e-9 * Math.max(1, Math.abs(wanted));
}

/** Every kind on random tables gives what plain TypeScript gives. */
async function checkKinds(engine: QueryEngine, numRuns: number, write = writeTables(engine)): Promise<void> {
  const property = fc.asyncProperty(randomRows, parents, asked, async (rows, parentRows, questions) => {
    const { source, parents: parentSource } = await write(rows, parentRows);
    const suite = { name: "random", key: ["id"], expectations: questions.map((question) => question.expectation) };
    const result = await runSuite(engine, source, suite, {
      sources: { parents: parentSource },
      functions: { isKnown },
      clock: manualClock(nowMs),
      sampleSize: 3,
    });
    expect(result.rowCount).toBe(rows.length);
    const wrong = questions.flatMap((question, index) => {
      const found = result.results[index];
      const wanted = question.naive(rows, { parents: parentRows, nowMs });
      const agrees =
        found?.passed === wanted.passed &&
        found.failing === (wanted.failing ?? found.failing) &&
        found.considered === (wanted.considered ?? found.considered) &&
        near(found.observed, wanted.observed) &&
        !(found.passed && found.sample.length > 0);
      return agrees ? [] : [{ question: JSON.stringify(question.expectation), wanted, found }];
    });
    expect(wrong).toEqual([]);
  });
  await fc.assert(property, { numRuns, seed: 20261124, endOnFailure: true });
}

describe("every kind agrees with plain TypeScript on random tables", () => {
  it("has a case for each kind, and at least 60 kinds", () => {
    expect(Object.keys(cases).sort()).toEqual([...kindNames].sort());
    expect(kindNames.length).toBeGreaterThanOrEqual(60);
  });

  it("on duckdb", { timeout: 120_000 }, async () => {
    const engine = await openEngine({ kind: "duckdb" });
    try {
      await checkKinds(engine, 40);
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

    it("with the same options and tables", { timeout: 120_000 }, async () => {
      const engine = await openEngine({ kind: "postgres", uri: server.uri });
      try {
        await checkKinds(engine, 40);
      } finally {
        await engine.close();
      }
    });
  });

  const { reason } = findSpark();
  it.skipIf(reason !== null)(
    `on spark${reason === null ? "" : ` (skipped: ${reason})`}`,
    { timeout: 400_000 },
    async () => {
      const folder = mkdtempSync(join(tmpdir(), "deepwright-kinds-"));
      const server = await startSpark();
      const engine = await openEngine({ kind: "spark", uri: server.uri });
      const duckdb = await openEngine({ kind: "duckdb" });
      try {
        await checkKinds(engine, 2, writeFiles(duckdb, folder));
      } finally {
        await Promise.all([engine.close(), duckdb.close()]);
        await server.stop();
        rmSync(folder, { recursive: true, force: true });
      }
    },
  );
});
