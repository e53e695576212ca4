import { appendFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DataSource, openEngine, type QueryEngine } from "@deepwright/engines";
import { findPostgres, type PostgresServer, startPostgres } from "@deepwright/tooling/testing";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { quarantine } from "../quarantine/quarantine.js";
import { defineSuite, expectations } from "../suite/build.js";
import { runSuite } from "./run-suite.js";

/** Each order has its payment at every commit; only a reader of two states finds one without the other. */
const paid = defineSuite({
  name: "orders",
  key: ["id"],
  expectations: [
    expectations.rowCountMatchesSource({ source: "payments" }),
    expectations.foreignKey({ columns: ["id"], references: { source: "payments", columns: ["id"] } }),
    expectations.figureMatchesSource({ column: "id", figure: "sum", references: { source: "payments", column: "id" } }),
    expectations.unique({ column: "id" }),
    expectations.customRows({ query: "SELECT * FROM data WHERE id NOT IN (SELECT id FROM payments)" }),
    expectations.between({ column: "amount", max: 8 }),
  ],
});

const programs = findPostgres();
describe.skipIf(programs === null)(
  `a writer beside the run, on Postgres${programs ? "" : " (skipped: no initdb)"}`,
  () => {
    let server: PostgresServer;
    let engine: QueryEngine;
    let writing: Promise<number>;
    const stop = new AbortController();
    const options = { sources: { payments: { kind: "table", name: "payments" } as const } };
    const orders = { kind: "table", name: "orders" } as const;

    /** Adds an order and its payment, as fast as the server lets it. */
    const write = async (): Promise<number> => {
      let next = 2001;
      for (; !stop.signal.aborted; next++) {
        await engine.query(
          `BEGIN; INSERT INTO orders VALUES (${next}, ${next % 10}); INSERT INTO payments VALUES (${next}); COMMIT`,
        );
      }
      return next - 2001;
    };
    beforeAll(async () => {
      server = await startPostgres();
      engine = await openEngine({ kind: "postgres", uri: server.uri });
      await engine.query("CREATE TABLE orders AS SELECT g AS id, g % 10 AS amount FROM generate_series(1, 2000) AS g");
      await engine.query("CREATE TABLE payments AS SELECT id FROM orders");
      writing = write();
    });
    afterAll(async () => {
      stop.abort();
      await writing.catch(() => 0);
      await engine?.close();
      await server?.stop();
    });

    it("does not touch a verdict: what holds at every commit holds in all statements", {
      timeout: 60_000,
    }, async () => {
      for (let round = 0; round < 8; round++) {
        const result = await runSuite(engine, orders, paid, options);
        expect(result.results.filter((each) => !each.passed).map(({ kind }) => kind)).toEqual(["between"]);
      }
    });

    it("does not touch a quarantine: it splits the rows that were judged", { timeout: 60_000 }, async () => {
      for (let round = 0; round < 4; round++) {
        const [good, bad] = [`good${round}`, `bad${round}`];
        const split = await quarantine(engine, orders, paid, {
          ...options,
          good: { kind: "table", name: good },
          bad: { kind: "table", name: bad },
        });
        const failing = split.result.results.at(-1)?.failing;
        expect([split.goodCount, split.badCount]).toEqual([split.result.rowCount - Number(failing), failing]);
        const sampled = (split.result.results.at(-1)?.sample ?? []).map(({ id }) => Number(id));
        const kept = await engine.query<{ id: number }>(`SELECT id FROM ${bad} ORDER BY id LIMIT ${sampled.length}`);
        expect(kept.map(({ id }) => id)).toEqual(sampled);
      }
    });

    it("really was there", async () => {
      stop.abort();
      expect(await writing).toBeGreaterThan(10);
    });
  },
);

describe("files that change while they are tested", () => {
  let folder: string;
  let engine: QueryEngine;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "deepwright-one-state-"));
    for (const day of [1, 2]) writeFileSync(join(folder, `${day}.csv`), "id,amount\n1,5\n2,-3\n");
    engine = await openEngine({ kind: "duckdb" });
  });
  afterEach(async () => {
    await engine.close();
    rmSync(folder, { recursive: true, force: true });
  });
  /** The function of the suite is called while the data is read, and changes it. */
  const suite = defineSuite({
    name: "files",
    expectations: [
      expectations.positive({ column: "amount" }),
      expectations.customFunction({ function: "change", columns: ["id"] }),
    ],
  });
  const functions = (change: () => void) => {
    const called = () => {
      change();
      return true;
    };
    return { functions: { change: called } };
  };
  const folderSource = (): DataSource => ({ kind: "file", path: folder });

  it.each([
    ["is appended to", "1.csv", () => appendFileSync(join(folder, "1.csv"), "3,4\n")],
    ["comes", "3.csv", () => writeFileSync(join(folder, "3.csv"), "id,amount\n9,9\n")],
    ["goes", "2.csv", () => rmSync(join(folder, "2.csv"), { force: true })],
    ["breaks", "1.csv", () => writeFileSync(join(folder, "1.csv"), "id,amount\n1,many\n2\n")],
  ])("give no verdict where one %s", async (_, name, change) => {
    const unchanged = await runSuite(
      engine,
      folderSource(),
      suite,
      functions(() => undefined),
    );
    expect(unchanged).toMatchObject({ rowCount: 4, passed: false });
    await expect(runSuite(engine, folderSource(), suite, functions(change))).rejects.toMatchObject({
      code: "DATA_FILE_CHANGED",
      details: { file: join(folder, name) },
    });
  });

  it("count the files of other sources", async () => {
    const list = defineSuite({
      name: "two",
      expectations: [
        expectations.foreignKey({ columns: ["id"], references: { source: "parents", columns: ["id"] } }),
        expectations.customFunction({ function: "change", columns: ["id"] }),
      ],
    });
    const run = runSuite(engine, { kind: "file", path: join(folder, "1.csv") }, list, {
      sources: { parents: { kind: "file", path: join(folder, "2.csv") } },
      ...functions(() => appendFileSync(join(folder, "2.csv"), "3,4\n")),
    });
    await expect(run).rejects.toMatchObject({ code: "DATA_FILE_CHANGED" });
  });

  it("leave no quarantine", async () => {
    const [good, bad] = [`${folder}.good.parquet`, `${folder}.bad.parquet`];
    const parts = { good: { kind: "file", path: good }, bad: { kind: "file", path: bad } } as const;
    const change = functions(() => appendFileSync(join(folder, "1.csv"), "3,4\n"));
    const split = quarantine(engine, folderSource(), suite, { ...parts, ...change });
    await expect(split).rejects.toMatchObject({ code: "DATA_FILE_CHANGED" });
    expect([good, bad].map(existsSync)).toEqual([false, false]);
  });
});
