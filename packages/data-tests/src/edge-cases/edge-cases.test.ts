import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { seededRng } from "@deepwright/core";
import { openEngine, type QueryEngine } from "@deepwright/engines";
import { findPostgres, startPostgres } from "@deepwright/tooling/testing";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { tablesOf } from "../conformance/write-table.test.support.js";
import { coverGreedily } from "./cover.js";
import { checkCoverage, checkResults } from "./coverage.js";
import { checkCombinations } from "./edge-cases.test.support.js";
import { rareCombinations } from "./rare-combinations.js";
import { growRegressionSet, readRegressionSet } from "./regression-set.js";

let engine: QueryEngine;
const folder = mkdtempSync(join(tmpdir(), "deepwright-edge-cases-"));
beforeAll(async () => {
  engine = await openEngine({ kind: "duckdb" });
});
afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
});
const query = (sql: string) => ({ kind: "query", sql }) as const;

describe("rare combinations are those of the definition on random tables", () => {
  it("on duckdb", { timeout: 120_000 }, () => checkCombinations(engine, tablesOf(engine), 40));

  const programs = findPostgres();
  it.skipIf(programs === null)(
    `on postgres${programs ? "" : " (skipped: no initdb)"}`,
    { timeout: 120_000 },
    async () => {
      const server = await startPostgres();
      const postgres = await openEngine({ kind: "postgres", uri: server.uri });
      try {
        await checkCombinations(postgres, tablesOf(postgres), 25);
      } finally {
        await postgres.close();
        await server.stop();
      }
    },
  );
});

const sales = query(
  "SELECT i AS id, 'c' || (hash(i) % 7) AS country, CASE WHEN hash(i * 3) % 500 = 0 THEN NULL ELSE hash(i * 5) % 4 END AS size, (hash(i * 11) % 100000) / 1e3 AS price FROM range(20000) AS g(i)",
);

describe("rareCombinations", () => {
  it("predicts how many combinations random samples lack", async () => {
    const sampleSize = 400;
    const { combinations, expectedMissing, rowCount } = await rareCombinations(engine, sales, {
      sampleSize,
      columns: ["country", "size", "price"],
    });
    expect(combinations.length).toBeGreaterThan(20);
    const rng = seededRng(5);
    let missing = 0;
    const trials = 200;
    for (let trial = 0; trial < trials; trial++) {
      // The rows of a combination are hit by none of the draws.
      for (const { rowCount: count } of combinations) {
        let hit = false;
        for (let draw = 0; draw < sampleSize && !hit; draw++) hit = rng.uniform() < count / rowCount;
        if (!hit) missing += 1;
      }
    }
    expect(missing / trials / expectedMissing).toBeCloseTo(1, 1);
  });

  it("says what it found, rarest first, with few statements", async () => {
    const found = await rareCombinations(engine, sales, { sampleSize: 1000, columns: ["country", "size", "price"] });
    expect(found.sentence).toMatch(
      /^\d+ combinations of 2 columns are missing from a sample of 1,000 rows with a probability of 50 % or more; \d+ rows hold them all\.$/,
    );
    expect(found.combinations.map(({ rowCount }) => rowCount)).toEqual(
      [...found.combinations].map(({ rowCount }) => rowCount).sort((a, b) => a - b),
    );
    expect(found.edgeCases.length).toBeLessThan(found.combinations.length);
    expect(found.statementCount).toBeLessThanOrEqual(4);
    expect(await rareCombinations(engine, sales, { sampleSize: 1000, columns: ["country", "size", "price"] })).toEqual(
      found,
    );
  });

  it("finds nothing where the sample is large enough, and leaves out columns of many values", async () => {
    const found = await rareCombinations(
      engine,
      query("SELECT i % 2 AS a, i % 3 AS b, 'n' || i AS name FROM range(600) AS g(i)"),
      { sampleSize: 600 },
    );
    expect(found).toMatchObject({ combinations: [], edgeCases: [], skippedColumns: ["name"], complete: true });
  });

  it("keeps to the most that is asked for", async () => {
    const found = await rareCombinations(engine, sales, {
      sampleSize: 100,
      maxCombinations: 5,
      columns: ["country", "price"],
    });
    expect(found.combinations.length).toBe(5);
    expect(found.complete).toBe(false);
  });

  it.each([
    { sampleSize: 0 },
    { sampleSize: 5, minMissProbability: 1 },
    { sampleSize: 5, maxValues: 1 },
    { sampleSize: 5, quantiles: [0.5, 0.4] },
    { sampleSize: 5, maxCombinations: 0 },
    { sampleSize: 5, columns: ["id"] },
  ])("refuses %o", async (options) => {
    await expect(rareCombinations(engine, query("SELECT 1 AS id, 2 AS a"), options)).rejects.toMatchObject({
      code: "ARGUMENT_INVALID",
    });
  });
});

describe("the greedy cover", () => {
  it("holds all that any set holds, and no set in vain", () => {
    const sets = fc.array(fc.uniqueArray(fc.nat(11), { maxLength: 6 }), { maxLength: 12 });
    fc.assert(
      fc.property(sets, (each) => {
        const chosen = coverGreedily(each, 12);
        const held = (places: readonly number[]): number[] =>
          [...new Set(places.flatMap((place) => each[place] ?? []))].sort((a, b) => a - b);
        expect(held(chosen)).toEqual(held(each.map((_, place) => place)));
        for (const index of chosen.keys())
          expect(held(chosen.slice(0, index + 1)).length).toBeGreaterThan(held(chosen.slice(0, index)).length);
      }),
    );
  });
});

describe("the regression set", () => {
  it("grows by what is new, once, in an order that does not depend on the call's", async () => {
    const [one, other] = [join(folder, "one.jsonl"), join(folder, "other.jsonl")];
    const { edgeCases } = await rareCombinations(engine, sales, {
      sampleSize: 1000,
      columns: ["country", "size", "price"],
    });
    expect(await growRegressionSet(one, edgeCases)).toEqual({
      added: edgeCases.length,
      known: 0,
      total: edgeCases.length,
    });
    await growRegressionSet(other, [...edgeCases].reverse());
    const count = (path: string) => readFileSync(path, "utf8").split("\n").length - 1;
    expect(count(one)).toBe(edgeCases.length);
    const before = readFileSync(one, "utf8");
    expect(await growRegressionSet(one, edgeCases)).toEqual({
      added: 0,
      known: edgeCases.length,
      total: edgeCases.length,
    });
    expect(readFileSync(one, "utf8")).toBe(before);
    const more = await rareCombinations(engine, sales, {
      sampleSize: 200,
      columns: ["country", "size", "price"],
      strength: 1,
    });
    const grown = await growRegressionSet(one, more.edgeCases);
    expect(grown.added).toBeGreaterThan(0);
    expect(readFileSync(one, "utf8").startsWith(before)).toBe(true);
    expect((await readRegressionSet(one)).length).toBe(grown.total);
  });

  it("covers its combinations in any order that they came in", async () => {
    const path = join(folder, "cover.jsonl");
    const found = await rareCombinations(engine, sales, { sampleSize: 1000, columns: ["country", "size", "price"] });
    await growRegressionSet(path, found.edgeCases);
    const cases = await readRegressionSet(path);
    expect(await checkCoverage(engine, sales, cases)).toMatchObject({ covered: found.combinations.length, lost: [] });
    const sample = query(`SELECT * FROM (${sales.sql}) AS s WHERE id % 40 = 0`);
    const coverage = await checkCoverage(engine, sample, cases);
    expect(coverage.lost.length).toBeGreaterThan(0);
    expect(coverage.sentence).toMatch(/^\d+ of \d+ combinations are no longer in the data: /);
    await expect(checkCoverage(engine, query("SELECT 1 AS a"), cases)).rejects.toMatchObject({
      code: "COLUMN_MISSING",
    });
  });

  it("drops a line that a crash cut short, and goes on behind the last whole one", async () => {
    const path = join(folder, "torn.jsonl");
    const { edgeCases } = await rareCombinations(engine, sales, {
      sampleSize: 1000,
      columns: ["country", "size", "price"],
    });
    await growRegressionSet(path, edgeCases.slice(0, 2));
    const whole = readFileSync(path, "utf8");
    appendFileSync(path, whole.slice(0, 100));
    expect((await readRegressionSet(path)).length).toBe(2);
    await growRegressionSet(path, edgeCases.slice(2, 4));
    expect(readFileSync(path, "utf8").startsWith(whole)).toBe(true);
    expect((await readRegressionSet(path)).length).toBe(4);
  });

  it("refuses a line that was changed", async () => {
    const path = join(folder, "changed.jsonl");
    const { edgeCases } = await rareCombinations(engine, sales, { sampleSize: 1000, columns: ["country", "size"] });
    await growRegressionSet(path, edgeCases);
    const lines = readFileSync(path, "utf8").split("\n");
    for (const wrong of [lines[0]?.replace(/"country":"c\d"/, '"country":"c99"'), "{}", "no JSON"]) {
      writeFileSync(path, [wrong, ...lines.slice(1)].join("\n"));
      await expect(readRegressionSet(path)).rejects.toMatchObject({
        code: "REGRESSION_SET_INVALID",
        details: { line: 1 },
      });
    }
  });

  it("keeps rows of every type of value", async () => {
    const path = join(folder, "types.jsonl");
    const rows = query(
      "SELECT 9223372036854775807 AS big, 'NaN'::DOUBLE AS nan, -0.0::DOUBLE AS zero, [1, NULL] AS list, BLOB '\\xAB' AS bytes, 'x' AS a, 'y' AS b UNION ALL SELECT 1, 2, 3, [], NULL, 'p', 'q' FROM range(50)",
    );
    const { edgeCases } = await rareCombinations(engine, rows, { sampleSize: 3, columns: ["a", "b"] });
    await growRegressionSet(path, edgeCases);
    expect((await readRegressionSet(path))[0]?.row).toEqual({
      big: "9223372036854775807",
      nan: "NaN",
      zero: 0,
      list: [1, null],
      bytes: "ab",
      a: "x",
      b: "y",
    });
  });

  it("judges a model's results", async () => {
    const path = join(folder, "results.jsonl");
    const { edgeCases } = await rareCombinations(engine, sales, { sampleSize: 1000, columns: ["country", "size"] });
    await growRegressionSet(path, edgeCases);
    const cases = await readRegressionSet(path);
    const results = cases.map(({ hash }, index) => ({ hash, passed: index !== 1 }));
    expect(checkResults(cases, results)).toMatchObject({ passed: cases.length - 1, untested: [], failed: [cases[1]] });
    const partly = checkResults(cases, results.slice(1));
    expect(partly.untested).toEqual([cases[0]]);
    expect(partly.uncovered.length).toBeGreaterThan(0);
    expect(() => checkResults(cases, [{ hash: "x", passed: true }])).toThrow(
      expect.objectContaining({ code: "ARGUMENT_INVALID" }),
    );
  });
});
