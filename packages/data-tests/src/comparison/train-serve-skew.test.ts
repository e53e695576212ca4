import { openEngine, type QueryEngine } from "@deepwright/engines";
import { findPostgres, startPostgres } from "@deepwright/tooling/testing";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { tablesOf } from "../conformance/write-table.test.support.js";
import { checkSkews, plantedSkews } from "./skew.test.support.js";
import { guessSkew } from "./skew-guesses.js";
import { trainServeSkew } from "./train-serve-skew.js";

let engine: QueryEngine;
beforeAll(async () => {
  engine = await openEngine({ kind: "duckdb" });
});
afterAll(() => engine.close());
const query = (sql: string) => ({ kind: "query", sql }) as const;

describe("planted skews are named with their kind", () => {
  it("on duckdb", { timeout: 120_000 }, () => checkSkews(engine, tablesOf(engine), plantedSkews));

  const programs = findPostgres();
  it.skipIf(programs === null)(
    `with training on postgres and serving on duckdb${programs ? "" : " (skipped: no initdb)"}`,
    { timeout: 120_000 },
    async () => {
      const server = await startPostgres();
      const postgres = await openEngine({ kind: "postgres", uri: server.uri });
      try {
        await checkSkews(postgres, tablesOf(postgres), plantedSkews, {
          servingEngine: engine,
          writeServing: tablesOf(engine),
        });
        await checkSkews(postgres, tablesOf(postgres), plantedSkews.slice(0, 4));
      } finally {
        await postgres.close();
        await server.stop();
      }
    },
  );
});

describe("trainServeSkew", () => {
  it("counts every differing cell, and the rows of one path only", async () => {
    const training = query("SELECT i AS id, i * 1.5::DOUBLE AS a, 'x' AS b, 1 AS gone FROM range(1000) AS g(i)");
    const serving = query(
      "SELECT i AS id, CASE WHEN i % 10 = 0 AND i > 0 THEN i * 1500::DOUBLE ELSE i * 1.5::DOUBLE END AS a, 'x' AS b FROM range(5, 1010) AS g(i)",
    );
    const report = await trainServeSkew(engine, training, serving, { key: ["id"] });
    expect(report).toMatchObject({
      matchedRows: 995,
      onlyTraining: 5,
      onlyServing: 10,
      missingFeatures: ["gone"],
      extraFeatures: [],
    });
    expect(report.features[0]).toMatchObject({ feature: "a", differingCells: 99, rate: 99 / 995, lookedAt: 99 });
    expect(report.features[0]?.sentence).toBe(
      '"a" differs in 99 of 995 rows (9.95 %): when serving it is multiplied by 1000 (thousands as ones, seconds as milliseconds, or kilo as base units).',
    );
  });

  it("names two errors in one feature", async () => {
    const training = query("SELECT i AS id, CASE WHEN i % 3 > 0 THEN i * 0.37 END AS a FROM range(300) AS g(i)");
    const serving = query(
      "SELECT i AS id, CASE WHEN i % 3 > 0 THEN i * 0.37 * 60 ELSE 0 END AS a FROM range(300) AS g(i)",
    );
    const { features } = await trainServeSkew(engine, training, serving, { key: ["id"] });
    expect(features[0]?.guesses.map(({ kind }) => kind)).toEqual(["unit-factor", "missing-default"]);
  });

  it("finds a shift within each entity", async () => {
    const rows = (value: string) =>
      query(
        `SELECT customer, day, ${value} AS spent FROM (SELECT i % 7 AS customer, i // 7 AS day, (hash(i) % 1000) AS amount FROM range(700) AS g(i))`,
      );
    const report = await trainServeSkew(
      engine,
      rows("amount"),
      rows("lag(amount) OVER (PARTITION BY customer ORDER BY day)"),
      {
        key: ["customer", "day"],
        orderBy: ["day"],
        entity: ["customer"],
      },
    );
    expect(report.features[0]?.guesses[0]).toMatchObject({
      kind: "row-shift",
      words: "is the training value 1 row earlier",
    });
  });

  it("guesses nothing from noise, and never more than all", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.double(), fc.double()), { minLength: 1, maxLength: 40 }), (cells) => {
        const guesses = guessSkew(cells.map(([training, serving]) => ({ training, serving })));
        expect(guesses.reduce((sum, { explains }) => sum + explains, 0)).toBeLessThanOrEqual(1 + 1e-9);
      }),
    );
    const noise = Array.from({ length: 200 }, (_, row) => ({
      training: Math.sin(row) * 100,
      serving: Math.cos(row * 7.7) * 100,
    }));
    expect(guessSkew(noise)).toEqual([{ kind: "unknown", explains: 0, words: "differs in no way that is known here" }]);
  });

  it("refuses a number of pairs that is none, and a key that a path lacks", async () => {
    const source = query("SELECT 1 AS id");
    await expect(trainServeSkew(engine, source, source, { key: ["id"], pairs: 3 })).rejects.toMatchObject({
      code: "ARGUMENT_INVALID",
    });
    await expect(trainServeSkew(engine, source, source, { key: ["name"] })).rejects.toMatchObject({
      code: "COLUMN_MISSING",
    });
  });
});
