import { seededRng } from "@deepwright/core";
import { openEngine, type QueryEngine } from "@deepwright/engines";
import { findPostgres, startPostgres } from "@deepwright/tooling/testing";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { tablesOf } from "../conformance/write-table.test.support.js";
import { drift } from "./drift.js";
import { checkDrift } from "./drift.test.support.js";
import { kolmogorovEffect, totalVariation } from "./drift-effects.js";
import { rejectedByFalseDiscovery } from "./false-discovery.js";

let engine: QueryEngine;
beforeAll(async () => {
  engine = await openEngine({ kind: "duckdb" });
});
afterAll(() => engine.close());
const query = (sql: string) => ({ kind: "query", sql }) as const;

describe("drift agrees with its definitions on random tables", () => {
  it("on duckdb", { timeout: 120_000 }, () => checkDrift(engine, tablesOf(engine), 30));

  const programs = findPostgres();
  it.skipIf(programs === null)(
    `on postgres${programs ? "" : " (skipped: no initdb)"}`,
    { timeout: 120_000 },
    async () => {
      const server = await startPostgres();
      const postgres = await openEngine({ kind: "postgres", uri: server.uri });
      try {
        await checkDrift(postgres, tablesOf(postgres), 20);
      } finally {
        await postgres.close();
        await server.stop();
      }
    },
  );
});

/** Rows of hash-random numbers; `shift` in standard deviations of the uniform distribution's scale. */
const sample = (rows: number, seed: number, x: string, c = "'c' || (hash(i * 31 + seed) % 4)") =>
  query(
    `SELECT ${x} AS x, ${c} AS c FROM (SELECT i, ${seed} AS seed, (hash(i * 7919 + ${seed}) % 1000000) / 1e6 AS u FROM range(${rows}) AS g(i))`,
  );

describe("drift", () => {
  it("does not take a tiny change of a large table for drift, but says that it changed", async () => {
    const report = await drift(engine, sample(400_000, 1, "u"), sample(400_000, 2, "u * 0.98"), {});
    expect(report.columns.find(({ column }) => column === "x")).toMatchObject({ verdict: "small-change" });
    expect(report.columns.find(({ column }) => column === "c")).toMatchObject({ verdict: "no-change" });
    expect(report.drifted).toEqual([]);
  });

  it("finds a shift, a new category and values that went missing", async () => {
    const before = sample(5_000, 1, "u");
    expect((await drift(engine, before, sample(5_000, 2, "u + 0.3"))).drifted).toEqual(["x"]);
    expect(
      (await drift(engine, before, sample(5_000, 2, "u", "CASE WHEN i % 3 = 0 THEN 'new' ELSE 'c1' END"))).drifted,
    ).toEqual(["c"]);
    const missing = await drift(engine, before, sample(5_000, 2, "CASE WHEN i % 2 = 0 THEN NULL ELSE u END"));
    expect(missing.drifted).toEqual(["x"]);
    expect(missing.columns[0]).toMatchObject({ missingBefore: 0, missingAfter: 0.5, effect: 0.5 });
    expect(
      (await drift(engine, before, sample(5_000, 2, "CASE WHEN i % 2 = 0 THEN 'NaN'::DOUBLE ELSE u END"))).drifted,
    ).toEqual(["x"]);
  });

  it("names the shift's size: area in standard deviations", async () => {
    const report = await drift(engine, sample(20_000, 1, "u"), sample(20_000, 1, "u + 0.5"));
    const [x] = report.columns;
    expect(x?.kolmogorovSmirnov).toBeCloseTo(0.5, 1);
    expect(x?.wasserstein).toBeCloseTo(0.5 / Math.sqrt(1 / 12), 1);
    expect(x?.sentence).toMatch(/^"x" drifts: its distributions lie 0\.5\d* apart/);
  });

  it("judges identifiers by what chance explains", async () => {
    const ids = (from: number) => query(`SELECT 'id' || (i + ${from}) AS id FROM range(150) AS g(i)`);
    expect((await drift(engine, ids(0), ids(0))).columns[0]?.verdict).toBe("no-change");
    const [column] = (await drift(engine, ids(0), ids(1_000))).columns;
    expect(column).toMatchObject({ verdict: "no-change" });
    expect(column?.noiseBand).toBeGreaterThan(column?.effect ?? 0);
  });

  it("raises few false alarms when nothing changed, at any size", () => {
    const rng = seededRng(3);
    let alarms = 0;
    const trials = 4_000;
    for (let trial = 0; trial < trials; trial++) {
      const size = [20, 200, 2_000][trial % 3] as number;
      const categories = [2, 5, 20][Math.floor(trial / 3) % 3] as number;
      const counts = Array.from({ length: categories }, () => ({ before: 0, after: 0 }));
      for (let row = 0; row < size; row++) {
        (counts[rng.integer(categories)] as { before: number }).before += 1;
        (counts[rng.integer(categories)] as { after: number }).after += 1;
      }
      if (totalVariation(counts, 0).pValue <= 0.05) alarms += 1;
    }
    expect(alarms / trials).toBeLessThanOrEqual(0.05);
  });

  it("has a noise band where the level is reached", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10 ** 7 }),
        fc.integer({ min: 1, max: 10 ** 7 }),
        fc.double({ min: 0, max: 0.5, noNaN: true }),
        (n, m, least) => {
          const { noiseBand } = kolmogorovEffect(0, n, m, least);
          expect(kolmogorovEffect(noiseBand, n, m, least).pValue).toBeCloseTo(0.05, 9);
        },
      ),
    );
  });

  it.each([{ minEffect: 1 }, { falseDiscoveryRate: 0 }, { bins: 1 }, { maxCategories: 1.5 }])(
    "refuses %o",
    async (options) => {
      await expect(drift(engine, query("SELECT 1 AS a"), query("SELECT 1 AS a"), options)).rejects.toMatchObject({
        code: "ARGUMENT_INVALID",
      });
    },
  );

  it("refuses no rows, a missing column and one of another kind", async () => {
    const one = query("SELECT 1 AS a");
    await expect(drift(engine, one, query("SELECT 1 AS a WHERE false"))).rejects.toMatchObject({
      code: "ARGUMENT_INVALID",
    });
    await expect(drift(engine, one, query("SELECT 1 AS b"), { columns: ["a"] })).rejects.toMatchObject({
      code: "COLUMN_MISSING",
    });
    await expect(drift(engine, one, query("SELECT 'x' AS a"))).rejects.toMatchObject({ code: "COLUMN_TYPE_INVALID" });
  });
});

describe("the false discovery rate", () => {
  it("rejects what the definition rejects", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 20 }), (pValues) => {
        const sorted = [...pValues].sort((a, b) => a - b);
        const k = sorted.reduce((best, p, index) => (p <= ((index + 1) / sorted.length) * 0.1 ? index + 1 : best), 0);
        const rejected = rejectedByFalseDiscovery(pValues, 0.1);
        expect(rejected.filter(Boolean).length).toBeGreaterThanOrEqual(k);
        pValues.forEach((p, index) => {
          expect(rejected[index]).toBe(k > 0 && p <= (sorted[k - 1] as number));
        });
      }),
    );
  });
});
