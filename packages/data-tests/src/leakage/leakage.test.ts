import { openEngine, type QueryEngine } from "@deepwright/engines";
import { findPostgres, startPostgres } from "@deepwright/tooling/testing";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { tablesOf } from "../conformance/write-table.test.support.js";
import {
  checkHistories,
  checkNearDuplicates,
  checkPlantedSplits,
  checkPlantedTargets,
  checkTargetPower,
  note,
} from "./leakage.test.support.js";
import { bandKeys, chooseBanding, jaccard, recallOf } from "./minhash.js";
import { nearDuplicates } from "./near-duplicates.js";
import { rowTokens } from "./row-tokens.js";
import { splitOverlap } from "./split-overlap.js";
import { targetLeakage } from "./target-leakage.js";
import { timeLeakage } from "./time-leakage.js";

let engine: QueryEngine;
beforeAll(async () => {
  engine = await openEngine({ kind: "duckdb" });
});
afterAll(() => engine.close());
const query = (sql: string) => ({ kind: "query", sql }) as const;

describe("on duckdb", () => {
  it("single columns have the power of the definition", { timeout: 120_000 }, () =>
    checkTargetPower(engine, tablesOf(engine), 40),
  );
  it("planted target leaks are found, honest columns are not", { timeout: 60_000 }, () =>
    checkPlantedTargets(engine, tablesOf(engine)),
  );
  it("planted overlaps and times are counted", { timeout: 60_000 }, () => checkPlantedSplits(engine, tablesOf(engine)));
  it("values from after the prediction are found in random histories", { timeout: 60_000 }, () =>
    checkHistories(engine, tablesOf(engine), 60),
  );
  it("planted near-duplicates are found, independent rows are not", { timeout: 60_000 }, () =>
    checkNearDuplicates(engine, tablesOf(engine), 1000),
  );
});

const programs = findPostgres();
it.skipIf(programs === null)(
  `on postgres, all of them${programs ? "" : " (skipped: no initdb)"}`,
  { timeout: 180_000 },
  async () => {
    const server = await startPostgres();
    const postgres = await openEngine({ kind: "postgres", uri: server.uri });
    try {
      const write = tablesOf(postgres);
      await checkTargetPower(postgres, write, 25);
      await checkPlantedTargets(postgres, write);
      await checkPlantedSplits(postgres, write);
      await checkHistories(postgres, write, 25);
      await checkNearDuplicates(postgres, write, 200);
    } finally {
      await postgres.close();
      await server.stop();
    }
  },
);

describe("targetLeakage", () => {
  it("lets no identifier predict, of any type", async () => {
    const rows = query(
      "SELECT i AS id, 'n' || i AS name, hash(i) / 2e19 AS x, hash(i * 7) % 10 = 0 AS y FROM range(3000) AS g(i)",
    );
    const { findings, columns } = await targetLeakage(engine, rows, { target: "y" });
    expect(findings).toEqual([]);
    for (const { power } of columns) expect(Math.abs(power - 0.5)).toBeLessThan(0.08);
  });

  it("takes each class of several in turn", async () => {
    const rows = query(
      "SELECT i % 3 AS class, CASE WHEN i % 3 = 2 THEN 1 ELSE 0 END AS leak, hash(i) % 100 AS x FROM range(900) AS g(i)",
    );
    const { findings } = await targetLeakage(engine, rows, { target: "class" });
    expect(findings.map(({ columns, evidence }) => [...columns, evidence.positive])).toEqual([["leak", "2"]]);
  });

  it("names a column called as its own", async () => {
    const rows = query("SELECT i % 2 AS target, i % 2 AS y, i % 2 AS v, i % 2 AS f FROM range(500) AS g(i)");
    const { findings } = await targetLeakage(engine, rows, { target: "target" });
    expect(findings.map(({ columns }) => columns[0]).sort()).toEqual(["f", "v", "y"]);
  });

  it.each([
    ["one value", "SELECT 1 AS y, 2 AS x FROM range(5)", { target: "y" }],
    ["too many classes", "SELECT 't' || i AS y, 2 AS x FROM range(30) AS g(i)", { target: "y" }],
    ["an absent class", "SELECT i AS y FROM range(2) AS g(i)", { target: "y", positive: 7 }],
    ["a bound below chance", "SELECT i AS y FROM range(2) AS g(i)", { target: "y", minAuc: 0.5 }],
  ])("refuses %s", async (_, sql, options) => {
    await expect(targetLeakage(engine, query(sql), options)).rejects.toMatchObject({ code: "ARGUMENT_INVALID" });
  });

  it("names a target that is missing", async () => {
    await expect(targetLeakage(engine, query("SELECT 1 AS a"), { target: "b" })).rejects.toMatchObject({
      code: "COLUMN_MISSING",
    });
  });
});

describe("splits and times", () => {
  const one = query("SELECT 1 AS id, TIMESTAMP '2026-01-01' AS t");
  it("refuses what can't be asked", async () => {
    const refused = { code: "ARGUMENT_INVALID" };
    await expect(splitOverlap(engine, { train: one }, { key: ["id"] })).rejects.toMatchObject(refused);
    await expect(splitOverlap(engine, { train: one, test: one }, {})).rejects.toMatchObject(refused);
    await expect(timeLeakage(engine, one, { predictionTime: "t" })).rejects.toMatchObject(refused);
    await expect(
      timeLeakage(engine, one, { predictionTime: "t", labelTime: "t", trainingCut: "soon" }),
    ).rejects.toMatchObject(refused);
    await expect(timeLeakage(engine, one, { predictionTime: "t", featureTimes: { id: "id" } })).rejects.toMatchObject({
      code: "COLUMN_TYPE_INVALID",
    });
  });

  it("takes numbers for times", async () => {
    const rows = query("SELECT 10 AS t, 12 AS seen, 5 AS x");
    const { findings } = await timeLeakage(engine, rows, { predictionTime: "t", featureTimes: { x: "seen" } });
    expect(findings[0]).toMatchObject({ kind: "time-travel", evidence: { worst: 2 } });
  });
});

describe("near-duplicates", () => {
  it("finds pairs as often as the bands promise", { timeout: 60_000 }, () => {
    const columns = [{ kind: "text", name: "note" }] as const;
    const banding = chooseBanding(0.8, 0.99);
    const counts = new Map<number, { pairs: number; found: number }>();
    for (let id = 0; id < 1500; id++) {
      const text = note(id, 40).split(" ");
      // Words are exchanged until the similarity is spread over the range of the curve.
      const edits = 1 + (id % 8);
      const edited = text.map((word, place) => (place % Math.ceil(40 / edits) === 0 ? `x${id % 97}` : word));
      const [left, right] = [text, edited].map((each) => rowTokens([each.join(" ")], columns)) as [
        Uint32Array,
        Uint32Array,
      ];
      const similarity = jaccard(left, right);
      const keys = new Set(bandKeys(left, banding));
      const step = Math.floor(similarity * 10);
      const count = counts.get(step) ?? { pairs: 0, found: 0 };
      count.pairs += 1;
      if (bandKeys(right, banding).some((key) => keys.has(key))) count.found += 1;
      counts.set(step, count);
    }
    const [low, high] = [counts.get(8), counts.get(9)];
    expect((low?.pairs ?? 0) + (high?.pairs ?? 0)).toBeGreaterThan(100);
    for (const count of [low, high]) if (count) expect(count.found / count.pairs).toBeGreaterThan(0.98);
    for (const [step, { pairs, found }] of counts) {
      // Within four standard deviations of the curve over the step's range.
      const [least, most] = [recallOf(banding, step / 10), recallOf(banding, Math.min(1, (step + 1) / 10))];
      const spread = (p: number): number => 4 * Math.sqrt((p * (1 - p)) / pairs) + 0.01;
      expect(found / pairs).toBeGreaterThanOrEqual(least - spread(least));
      expect(found / pairs).toBeLessThanOrEqual(most + spread(most));
    }
  });

  it("chooses bands that reach the recall", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.31, max: 1, noNaN: true }),
        fc.double({ min: 0.5, max: 0.9999, noNaN: true }),
        (threshold, recall) => {
          const banding = chooseBanding(threshold, recall);
          expect(banding.bands * banding.rows).toBeLessThanOrEqual(128);
          expect(recallOf(banding, threshold)).toBeGreaterThanOrEqual(recall);
        },
      ),
    );
  });

  it("computes the similarity of sets", () => {
    const sets = fc.uniqueArray(fc.integer({ min: 0, max: 30 }), { maxLength: 20 });
    fc.assert(
      fc.property(sets, sets, (left, right) => {
        const union = new Set([...left, ...right]).size;
        const common = left.filter((each) => right.includes(each)).length;
        const found = jaccard(Uint32Array.from(left).sort(), Uint32Array.from(right).sort());
        expect(found).toBeCloseTo(union === 0 ? 1 : common / union, 12);
      }),
    );
  });

  it("says that rows of few different values can't be judged", async () => {
    const rows = (seed: number) =>
      query(`SELECT hash(i + ${seed}) % 3 AS a, hash(i * 3 + ${seed}) % 2 = 0 AS b FROM range(500) AS g(i)`);
    expect(await nearDuplicates(engine, { train: rows(1), test: rows(2) })).toMatchObject({
      findings: [],
      pairs: 0,
      tooCommon: 500,
    });
  });

  it.each([{ threshold: 0.2 }, { recall: 1 }, { resolution: 0 }, { rowsAtOnce: 0.5 }])(
    "refuses %o",
    async (options) => {
      const one = query("SELECT 1 AS a");
      await expect(nearDuplicates(engine, { train: one, test: one }, options)).rejects.toMatchObject({
        code: "ARGUMENT_INVALID",
      });
    },
  );
});
