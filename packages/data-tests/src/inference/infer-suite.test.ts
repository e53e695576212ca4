import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openEngine, type QueryEngine } from "@deepwright/engines";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runSuite } from "../planner/run-suite.js";
import type { Suite } from "../suite/suite.js";
import { inferSuite } from "./infer-suite.js";

const folder = process.env.DEEPWRIGHT_DATA ?? fileURLToPath(new URL("../../../../../shared/data", import.meta.url));
const ccf = join(folder, "ccf", "transactions.parquet");
const ret = join(folder, "ret", "cookie_cats.csv");
const isThere = existsSync(ccf) && existsSync(ret);

describe("inferring a suite", () => {
  let engine: QueryEngine;
  beforeAll(async () => {
    engine = await openEngine({ kind: "duckdb" });
    await engine.query(`CREATE TABLE sales AS SELECT d AS day, d * 1000 + i AS id, 20 + hash(d, i) % 1000 / 10 AS price,
      ['DE', 'FR', 'IT'][1 + CAST(hash(i) % 3 AS INTEGER)] AS country, 'TX-' || lpad(CAST(i AS VARCHAR), 4, '0') AS code
      FROM range(30) AS days(d), range(500) AS g(i)`);
  });
  afterAll(() => engine.close());
  const query = (sql: string) => ({ kind: "query", sql }) as const;
  const day = (index: number, columns = "*") => query(`SELECT ${columns} FROM sales WHERE day = ${index}`);
  const failures = async (suite: Suite, source: ReturnType<typeof query>) =>
    (await runSuite(engine, source, suite, { sampleSize: 0 })).results.filter(({ passed }) => !passed);

  it("drops what did not hold on held-out days, and finds planted faults", { timeout: 60_000 }, async () => {
    const days = Array.from({ length: 20 }, (_, index) => day(index));
    const { suite, evidence } = await inferSuite(engine, days, { name: "sales" });
    // Ids grow from day to day, so no bound on them can hold tomorrow.
    expect(evidence.filter(({ name, kept }) => kept && /^(between|mean|inSet):(day|id)$/.test(name))).toEqual([]);
    for (const { kept, trials, falseAlarms, rateAtMost } of evidence) {
      if (kept) expect(falseAlarms).toBeLessThanOrEqual(0.01 * trials);
      expect(rateAtMost).toBeGreaterThan(falseAlarms / trials);
    }
    const faults = {
      "an unknown category": "CASE WHEN id % 500 = 3 THEN 'XX' ELSE country END AS country",
      "a missing price": "CASE WHEN id % 500 <> 3 THEN price END AS price",
      "another unit": "price * 100 AS price",
      "a code in another form": "CASE WHEN id % 500 = 3 THEN 'TX_0003' ELSE code END AS code",
      "a sentinel": "CASE WHEN id % 500 = 3 THEN -1 ELSE price END AS price",
    };
    const missed: string[] = [];
    for (const [fault, replaced] of Object.entries(faults)) {
      const spoiled = day(25, `* REPLACE (${replaced})`);
      const clean = (await failures(suite, day(25))).length;
      if ((await failures(suite, spoiled)).length <= clean) missed.push(fault);
    }
    expect(missed).toEqual([]);
    expect(await failures(suite, day(25))).toEqual([]);
  });

  it("refuses what proves nothing", async () => {
    await expect(inferSuite(engine, [day(1)], { name: "x" })).rejects.toMatchObject({ code: "HISTORY_TOO_SHORT" });
    const empty = Array.from({ length: 12 }, () => query("SELECT * FROM sales WHERE false"));
    await expect(inferSuite(engine, empty, { name: "x" })).rejects.toMatchObject({ code: "HISTORY_TOO_SHORT" });
    await expect(inferSuite(engine, [], { name: "x", folds: 1 })).rejects.toMatchObject({ code: "ARGUMENT_INVALID" });
    await expect(inferSuite(engine, [], { name: "x", falseAlarmRate: Number.NaN })).rejects.toMatchObject({
      code: "ARGUMENT_INVALID",
    });
  });

  it.skipIf(!isThere)(
    `raises at most 1 % false alarms on held-out days of card transactions and parts of players${isThere ? "" : " (skipped: no shared data)"}`,
    { timeout: 180_000 },
    async () => {
      await engine.query(
        `CREATE TABLE cards AS SELECT * FROM ${engine.fromClause({ kind: "file", path: ccf })} WHERE TX_TIME_DAYS < 90`,
      );
      await engine.query(`CREATE TABLE players AS SELECT * FROM ${engine.fromClause({ kind: "file", path: ret })}`);
      const cards = Array.from({ length: 90 }, (_, index) =>
        query(`SELECT * FROM cards WHERE TX_TIME_DAYS = ${index}`),
      );
      const players = Array.from({ length: 90 }, (_, index) =>
        query(`SELECT * FROM players WHERE hash(userid) % 90 = ${index}`),
      );
      for (const [sources, order] of [
        [cards, "time"],
        [players, "none"],
      ] as const) {
        const { suite } = await inferSuite(engine, sources.slice(0, 60), { name: "good", order });
        let [checks, alarms] = [0, 0];
        for (const source of sources.slice(60)) {
          checks += suite.expectations.length;
          alarms += (await failures(suite, source)).length;
        }
        expect(suite.expectations.length).toBeGreaterThanOrEqual(5);
        expect(alarms / checks, `${alarms} of ${checks}`).toBeLessThanOrEqual(0.01);
      }
    },
  );
});
