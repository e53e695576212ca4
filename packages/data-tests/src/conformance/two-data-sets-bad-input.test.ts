import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DataSource, openEngine, type QueryEngine } from "@deepwright/engines";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { diffTables } from "../comparison/diff-tables.js";
import { drift } from "../comparison/drift.js";
import { trainServeSkew } from "../comparison/train-serve-skew.js";
import { rareCombinations } from "../edge-cases/rare-combinations.js";
import { historyLeakage } from "../leakage/history-leakage.js";
import { nearDuplicates } from "../leakage/near-duplicates.js";
import { splitOverlap } from "../leakage/split-overlap.js";
import { targetLeakage } from "../leakage/target-leakage.js";
import { timeLeakage } from "../leakage/time-leakage.js";

let engine: QueryEngine;
const folder = mkdtempSync(join(tmpdir(), "deepwright-two-bad-"));
beforeAll(async () => {
  engine = await openEngine({ kind: "duckdb" });
});
afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Names that end quotes early or mean something to SQL, for every role of a column. */
const id = `i"d'; DROP TABLE kept; --`;
const target = 'select "y"';
const value = "v0";
const seen = "first_later";

type Ask = (source: DataSource, signal?: AbortSignal) => Promise<unknown>;
let other: QueryEngine;
beforeAll(async () => {
  other = await openEngine({ kind: "duckdb" });
});
afterAll(() => other.close());

const asks: Readonly<Record<string, Ask>> = {
  diffTables: (source, signal) => diffTables(engine, source, source, { key: [id], ...(signal && { signal }) }),
  "diffTables without a key": (source, signal) => diffTables(engine, source, source, { ...(signal && { signal }) }),
  "diffTables across engines": (source, signal) =>
    diffTables(engine, source, source, { key: [id], afterEngine: other, ...(signal && { signal }) }),
  drift: (source, signal) => drift(engine, source, source, { columns: [value, target], ...(signal && { signal }) }),
  trainServeSkew: (source, signal) => trainServeSkew(engine, source, source, { key: [id], ...(signal && { signal }) }),
  targetLeakage: (source, signal) => targetLeakage(engine, source, { target, key: [id], ...(signal && { signal }) }),
  splitOverlap: (source, signal) =>
    splitOverlap(
      engine,
      { a: source, b: source },
      { key: [id], groups: [target], time: seen, ...(signal && { signal }) },
    ),
  timeLeakage: (source, signal) =>
    timeLeakage(engine, source, {
      predictionTime: seen,
      featureTimes: { [value]: seen },
      labelTime: seen,
      ...(signal && { signal }),
    }),
  historyLeakage: (source, signal) =>
    historyLeakage(engine, source, {
      predictionTime: seen,
      feature: value,
      entity: [id],
      history: { source, time: seen, value },
      ...(signal && { signal }),
    }),
  nearDuplicates: (source, signal) =>
    nearDuplicates(engine, { a: source, b: source }, { key: [id], ...(signal && { signal }) }),
  rareCombinations: (source, signal) =>
    rareCombinations(engine, source, { sampleSize: 2, columns: [value, target], ...(signal && { signal }) }),
};

describe.each(Object.entries(asks))("%s", (name, ask) => {
  const quoted = (name: string) => engine.quoteIdentifier(name);
  const rows = (): DataSource => ({
    kind: "query",
    sql: `SELECT i AS ${quoted(id)}, i % 3 = 0 AS ${quoted(target)}, i * 0.5 AS ${quoted(value)}, i * 10 AS ${quoted(seen)}, 'it''s "' || i AS ${quoted("deepwright_bucket")}, 1 AS ${quoted("deepwright_target")} FROM range(60) AS g(i)`,
  });

  it("takes names for data, its own names among them", async () => {
    await engine.query("CREATE TABLE IF NOT EXISTS kept AS SELECT 1 AS a");
    await expect(ask(rows())).resolves.toBeDefined();
    expect(await engine.query("SELECT a FROM kept")).toEqual([{ a: 1 }]);
  });

  it("gives the engine's typed error for a file that is missing or broken, and nothing else", async () => {
    const missing = { kind: "file", path: join(folder, "absent.parquet") } as const;
    await expect(ask(missing)).rejects.toMatchObject({ code: "DATA_FILE_MISSING" });
    const broken = { kind: "file", path: join(folder, "broken.parquet") } as const;
    writeFileSync(broken.path, "no Parquet");
    await expect(ask(broken)).rejects.toMatchObject({ code: "DATA_FILE_INVALID" });
  });

  if (name !== "diffTables without a key") {
    it("names a column that is missing", async () => {
      await expect(ask({ kind: "query", sql: "SELECT 1 AS other" })).rejects.toMatchObject({ code: "COLUMN_MISSING" });
    });
  }

  it("can be aborted", async () => {
    await expect(ask(rows(), AbortSignal.abort(new Error("enough")))).rejects.toThrow("enough");
  });
});
