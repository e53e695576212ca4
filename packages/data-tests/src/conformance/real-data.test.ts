import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openEngine, type QueryEngine } from "@deepwright/engines";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { diffTables } from "../comparison/diff-tables.js";
import { drift } from "../comparison/drift.js";
import { nearDuplicates } from "../leakage/near-duplicates.js";
import { targetLeakage } from "../leakage/target-leakage.js";
import { timeLeakage } from "../leakage/time-leakage.js";
import { runSuite } from "../planner/run-suite.js";
import { defineSuite, expectations } from "../suite/build.js";

const folder = process.env.DEEPWRIGHT_DATA ?? fileURLToPath(new URL("../../../../../shared/data", import.meta.url));
const isThere =
  existsSync(join(folder, "rec", "ratings.csv")) && existsSync(join(folder, "ccf", "transactions.parquet"));

describe.skipIf(!isThere)(`on published data${isThere ? "" : " (skipped: no shared data)"}`, () => {
  let engine: QueryEngine;
  beforeAll(async () => {
    engine = await openEngine({ kind: "duckdb" });
  });
  afterAll(() => engine.close());
  const query = (sql: string) => ({ kind: "query", sql }) as const;
  const file = (...path: string[]) => ({ kind: "file", path: join(folder, ...path) }) as const;
  const from = (...path: string[]) => engine.fromClause(file(...path));

  /** As a table: text files are else parsed for each statement. */
  const load = async (...path: string[]) => {
    const name = path.join(" ");
    await engine.query(
      `CREATE TABLE IF NOT EXISTS ${engine.quoteIdentifier(name)} AS SELECT *, row_number() OVER () AS place FROM ${from(...path)}`,
    );
    return query(`SELECT * EXCLUDE (place) FROM ${engine.quoteIdentifier(name)}`);
  };

  /** MovieLens says that it has 100,004 ratings of 671 users with 20 or more each, generated on 17 October 2016. */
  const added = [672, 673, 674, 675];
  const users = (sample: readonly Readonly<Record<string, unknown>>[]) =>
    [...new Set(sample.map(({ userId }) => userId))].sort();

  it("expectations from the publisher's description find the 18 rows that somebody added", async () => {
    const suite = defineSuite({
      name: "ratings",
      key: ["userId", "movieId"],
      expectations: [
        expectations.rowCountEquals({ count: 100_004 }),
        expectations.between({ column: "userId", min: 1, max: 671 }),
        expectations.between({ column: "timestamp", max: Date.UTC(2016, 9, 18) / 1000 }),
        expectations.groupRowCountBetween({ by: ["userId"], min: 20 }),
      ],
    });
    const { results } = await runSuite(engine, file("rec", "ratings.csv"), suite, { sampleSize: 20 });
    expect(results.map(({ passed }) => passed)).toEqual([false, false, false, false]);
    expect(results.map(({ failing }) => failing).slice(1)).toEqual([18, 18, 4]);
    for (const result of results.slice(1)) expect(users(result.sample)).toEqual(added);
  });

  it("a comparison with the original and the time of its export find them too", async () => {
    const original = query(`SELECT * FROM ${from("rec", "ratings.csv")} LIMIT 100004`);
    const diff = await diffTables(engine, original, file("rec", "ratings.csv"), {
      key: ["userId", "movieId"],
      sampleSize: 20,
    });
    expect(diff).toMatchObject({ addedRows: 18, removedRows: 0, changedRows: 0, sentence: "18 rows added." });
    expect(users(diff.addedSample)).toEqual(added);
    const exported = query(`SELECT *, ${Date.UTC(2016, 9, 18) / 1000} AS exported FROM ${from("rec", "ratings.csv")}`);
    const { findings } = await timeLeakage(engine, exported, {
      predictionTime: "exported",
      featureTimes: { rating: "timestamp" },
      key: ["userId"],
      sampleSize: 20,
    });
    expect(findings).toMatchObject([{ kind: "time-travel", rows: 18 }]);
    expect(users(findings[0]?.sample ?? [])).toEqual(added);
  });

  it("finds the one column of the card transactions that must not be a feature, and blames no other", {
    timeout: 60_000,
  }, async () => {
    const transactions = query(`SELECT * FROM ${from("ccf", "transactions.parquet")} WHERE TX_TIME_DAYS < 20`);
    const { findings } = await targetLeakage(engine, transactions, { target: "TX_FRAUD", key: ["TRANSACTION_ID"] });
    expect(findings.map(({ kind, columns }) => [kind, ...columns])).toEqual([["target-leakage", "TX_FRAUD_SCENARIO"]]);
  });

  it("blames no column of house sales and of players", { timeout: 60_000 }, async () => {
    const sales = await targetLeakage(engine, await load("est", "king_county_sales.csv"), {
      target: "price",
      key: ["id", "date"],
    });
    const players = await targetLeakage(engine, await load("ret", "cookie_cats.csv"), {
      target: "retention_7",
      key: ["userid"],
    });
    expect([...sales.findings, ...players.findings]).toEqual([]);
  });

  it("finds houses sold twice, and no near-duplicates among players", { timeout: 60_000 }, async () => {
    const split = (condition: string, ...path: string[]) =>
      query(
        `SELECT * FROM (SELECT *, row_number() OVER () AS place FROM ${from(...path)}) AS numbered WHERE ${condition}`,
      );
    const halves = (...path: string[]) => ({
      train: split("place % 2 = 0", ...path),
      test: split("place % 2 = 1", ...path),
    });
    const sales = await nearDuplicates(engine, halves("est", "king_county_sales.csv"), {
      key: ["id", "place"],
      sampleSize: 10_000,
    });
    const sample = sales.findings[0]?.sample ?? [];
    expect(sample.filter((pair) => pair["train.id"] === pair["test.id"]).length / sample.length).toBeGreaterThan(0.6);
    expect(
      (await nearDuplicates(engine, halves("ret", "cookie_cats.csv"), { key: ["userid", "place"] })).findings,
    ).toEqual([]);
  });

  it("calls no random half of any of them drifted", { timeout: 60_000 }, async () => {
    for (const path of [
      ["est", "king_county_sales.csv"],
      ["ret", "cookie_cats.csv"],
      ["oil", "unconventional_wells.csv"],
      ["rec", "ratings.csv"],
    ]) {
      const { sql } = await load(...path);
      const half = (which: number) => query(`${sql} WHERE hash(place) % 2 = ${which}`);
      expect((await drift(engine, half(0), half(1))).drifted).toEqual([]);
    }
  });
});
