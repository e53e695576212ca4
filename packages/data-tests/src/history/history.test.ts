import { spawn } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { manualClock } from "@deepwright/core";
import { openEngine, type QueryEngine } from "@deepwright/engines";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { columnPartitions, folderPartitions } from "./find-partitions.js";
import { openFolderStateStore } from "./folder-state-store.js";
import { mergeStates } from "./merge-states.js";
import type { PartitionState } from "./state.js";
import { summarizeWindow } from "./summarize-window.js";
import { updateHistory } from "./update-history.js";

let engine: QueryEngine;
let folder: string;
beforeAll(async () => {
  engine = await openEngine({ kind: "duckdb" });
  root = mkdtempSync(join(tmpdir(), "deepwright-history-"));
});
let root: string;
let number = 0;
beforeEach(() => {
  number += 1;
  folder = join(root, String(number));
  mkdirSync(folder);
});
afterAll(async () => {
  await engine.close();
  rmSync(root, { recursive: true, force: true });
});

const openStore = () => openFolderStateStore(join(folder, "history"));

/** All statements that an engine is asked. */
function listening(inner: QueryEngine): { readonly engine: QueryEngine; readonly statements: string[] } {
  const statements: string[] = [];
  return {
    statements,
    engine: {
      ...inner,
      quoteIdentifier: (name) => inner.quoteIdentifier(name),
      fromClause: (source) => inner.fromClause(source),
      columns(source, options) {
        statements.push(`columns of ${inner.fromClause(source)}`);
        return inner.columns(source, options);
      },
      query(sql, options) {
        statements.push(sql);
        return inner.query(sql, options);
      },
      stream(sql, options) {
        statements.push(sql);
        return inner.stream(sql, options);
      },
    } as QueryEngine,
  };
}

async function writeDay(path: string, day: number, rows = 50): Promise<void> {
  await engine.query(
    `COPY (SELECT DATE '2026-01-01' + ${day} AS day, i + ${day} AS id, i * 0.5 AS price FROM range(${rows}) AS g(i)) TO '${path}' (FORMAT parquet)`,
  );
}

describe("updating a history", () => {
  it("reads one new day of 365 and not a byte of the others", { timeout: 120_000 }, async () => {
    const data = join(folder, "data");
    await engine.query(
      `COPY (SELECT DATE '2025-01-01' + CAST(i // 20 AS INTEGER) AS day, i AS id, i * 0.5 AS price FROM range(7300) AS g(i)) TO '${data}' (FORMAT parquet, PARTITION_BY (day), WRITE_PARTITION_COLUMNS true)`,
    );
    const files = readdirSync(data, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".parquet"))
      .map((name) => join(data, name));
    for (const path of files) utimesSync(path, 1_700_000_000, 1_700_000_000);
    const store = await openStore();
    const first = await updateHistory(engine, store, await folderPartitions(data));
    expect(first).toMatchObject({ unchanged: 0, replaced: [], removed: [], statementCount: 2 * 365 });
    expect(first.scanned[0]).toBe("2025-01-01");

    // From now on nobody can read the old files; their sizes and times stay.
    for (const path of files) {
      writeFileSync(path, Buffer.alloc(statSync(path).size, "x"));
      utimesSync(path, 1_700_000_000, 1_700_000_000);
    }
    mkdirSync(join(data, "day=2026-01-01"));
    await writeDay(join(data, "day=2026-01-01", "new.parquet"), 0, 20);
    const heard = listening(engine);
    const second = await updateHistory(heard.engine, store, await folderPartitions(data));
    expect(second).toMatchObject({ scanned: ["2026-01-01"], unchanged: 365, replaced: [], statementCount: 2 });
    expect(heard.statements).toHaveLength(3);
    for (const statement of heard.statements) expect(statement).toContain("day=2026-01-01");

    const year = mergeStates(await store.read({ from: "2025-01-01", to: "2025-12-31" }));
    expect([year.partitions.length, year.rowCount]).toEqual([365, 7300]);
    const { id } = summarizeWindow(year);
    expect(id).toMatchObject({ min: 0, max: 7299, nullFraction: 0 });
    expect(id?.mean).toBeCloseTo(3649.5, 9);
    expect(id?.standardDeviation).toBeCloseTo(Math.sqrt((7300 * 7301) / 12), 6);
    expect(Math.abs((id?.quantile(0.5) ?? 0) - 3650)).toBeLessThan(40);
    expect(id?.distinct).toMatchObject({ exact: false });
    expect(Math.abs((id?.distinct?.count ?? 0) / 7300 - 1)).toBeLessThan(0.05);
  });

  it("replaces a partition that was late or corrected, and never adds it twice", async () => {
    const clock = manualClock(1000);
    const store = await openStore();
    const of = (rows: number) => ({
      name: "2026-01-01",
      source: { kind: "query", sql: `SELECT i AS x FROM range(${rows}) AS g(i)` } as const,
      content: `rows:${rows}`,
    });
    await updateHistory(engine, store, [of(10)], { clock });
    expect(await updateHistory(engine, store, [of(10)], { clock })).toMatchObject({ scanned: [], unchanged: 1 });
    clock.advance(5);
    expect(await updateHistory(engine, store, [of(12)], { clock })).toMatchObject({
      scanned: ["2026-01-01"],
      replaced: ["2026-01-01"],
    });
    const states = await store.read();
    expect(states).toMatchObject([{ rowCount: 12, scannedAtMs: 1005 }]);
    const unknown = { ...of(12), content: null };
    expect((await updateHistory(engine, store, [unknown])).scanned).toEqual(["2026-01-01"]);
    const others = await updateHistory(engine, store, [{ ...of(3), name: "2026-01-02" }], { removeOthers: true });
    expect(others.removed).toEqual(["2026-01-01"]);
    expect((await store.list()).map(({ partition }) => partition)).toEqual(["2026-01-02"]);
  });

  it("keeps what was done when a partition can't be read, and nothing of that one", async () => {
    const good = join(folder, "2026-01-01.parquet");
    const bad = join(folder, "2026-01-02.parquet");
    await writeDay(good, 0);
    writeFileSync(bad, readFileSync(good).subarray(0, 200));
    const store = await openStore();
    await expect(updateHistory(engine, store, await folderPartitions(folder))).rejects.toThrowError(/2026-01-02/);
    expect((await store.read()).map(({ partition }) => partition)).toEqual(["2026-01-01"]);
  });

  it("tells partitions by a column: days of timestamps, dates, texts and numbers, and rows without a value", async () => {
    await engine.query(
      `CREATE OR REPLACE TABLE visits AS SELECT * FROM (VALUES
        (TIMESTAMP '2026-01-01 00:00:00', DATE '2026-01-01', 'a''b', 1), (TIMESTAMP '2026-01-01 23:59:59.999', DATE '2026-01-02', 'c', 2),
        (TIMESTAMP '2026-01-02 00:00:00', DATE '2026-01-02', 'c', 2), (NULL, NULL, NULL, NULL)) AS v(t, d, s, i)`,
    );
    const source = { kind: "table", name: "visits" } as const;
    const rows = async (column: string) => {
      const counts: Record<string, number> = {};
      for (const { name, source: part } of await columnPartitions(engine, source, column)) {
        const [row] = await engine.query<{ readonly n: number }>(
          `SELECT count(*) AS n FROM ${engine.fromClause(part)}`,
        );
        counts[name] = Number(row?.n);
      }
      return counts;
    };
    const missing = { __HIVE_DEFAULT_PARTITION__: 1 };
    expect(await rows("t")).toEqual({ "2026-01-01": 2, "2026-01-02": 1, ...missing });
    expect(await rows("d")).toEqual({ "2026-01-01": 1, "2026-01-02": 2, ...missing });
    expect(await rows("s")).toEqual({ "a'b": 1, c: 2, ...missing });
    expect(await rows("i")).toEqual({ 1: 1, 2: 2, ...missing });
    await expect(columnPartitions(engine, source, "gone")).rejects.toMatchObject({ code: "COLUMN_MISSING" });
  });

  it("refuses what it can't do before it reads anything", async () => {
    const store = await openStore();
    const one = { name: "a", source: { kind: "query", sql: "SELECT 1 AS x" }, content: null } as const;
    await expect(updateHistory(engine, store, [one, one])).rejects.toThrowError(/"a" twice/);
    await expect(updateHistory(engine, store, [{ ...one, name: "" }])).rejects.toThrowError(/an empty name/);
    await expect(updateHistory(engine, store, [one], { valueLimit: -1 })).rejects.toThrowError(/valueLimit/);
    await expect(folderPartitions(join(folder, "gone"))).rejects.toMatchObject({ code: "ARGUMENT_INVALID" });
    await expect(folderPartitions(folder)).rejects.toThrowError(/no data/);
    await expect(updateHistory(engine, store, [one], { signal: AbortSignal.abort() })).rejects.toThrowError(/abort/);
    expect(await store.list()).toEqual([]);
  });
});

describe("a folder of states", () => {
  const state = (partition: string, rowCount: number): PartitionState => ({
    partition,
    content: null,
    rowCount,
    scannedAtMs: 1,
    columns: {
      // Big enough that a write takes several system calls.
      x: {
        family: "text",
        rowCount,
        nullCount: 0,
        nonFiniteCount: 0,
        numbers: null,
        values: Object.fromEntries(
          Array.from({ length: 3000 }, (_, index) => [`value ${index} ${"x".repeat(40)}`, rowCount]),
        ),
        registers: null,
      },
    },
  });

  it("gives back what it was given, sorted and by range, whatever the names", async () => {
    const store = await openStore();
    const names = ["2026-01-02", "2026-01-01", "A", "a", "../up", "x/y", "ü", "n".repeat(400), "day=1\n"];
    for (const [index, name] of names.entries()) await store.put(state(name, index));
    const sorted = [...names].sort();
    expect((await store.list()).map(({ partition }) => partition)).toEqual(sorted);
    expect(await store.read()).toEqual(sorted.map((name) => state(name, names.indexOf(name))));
    expect((await store.read({ from: "2026-01-02", to: "2026-12-31" })).map(({ rowCount }) => rowCount)).toEqual([0]);
    await store.remove("A");
    await store.remove("never there");
    expect((await store.read({ from: "A", to: "a" })).map(({ partition }) => partition)).toEqual(["a"]);
    expect(readdirSync(folder)).toEqual(["history"]);
  });

  it("lets the first claim of bins decide among many writers", async () => {
    const stores = await Promise.all(Array.from({ length: 12 }, openStore));
    const claimed = await Promise.all(
      stores.map((store, index) => store.claimBinning("x", () => ({ origin: index, floor: 1, error: 0.01 }))),
    );
    expect(new Set(claimed.map(({ origin }) => origin)).size).toBe(1);
    expect(await stores[0]?.claimBinning("x", () => ({ origin: -1, floor: 1, error: 0.01 }))).toEqual(claimed[0]);
  });

  it("holds whole states only, when writers of the same partitions are killed in mid-write", {
    timeout: 60_000,
  }, async () => {
    const module = new URL("../../dist/history/folder-state-store.js", import.meta.url).href;
    const script = `
      import { openFolderStateStore } from ${JSON.stringify(module)};
      const store = await openFolderStateStore(process.argv[1]);
      const template = JSON.parse(process.argv[2]);
      process.stdout.write("ready\\n");
      for (let n = 0; ; n++) {
        const values = Object.fromEntries(Array.from({ length: 3000 }, (_, i) => ["value " + i + " " + "x".repeat(40), n]));
        const x = { ...template.columns.x, rowCount: n, values };
        await store.put({ ...template, partition: "day " + (n % 3), rowCount: n, columns: { x } });
      }`;
    const template = { ...state("", 0), columns: { x: { ...state("", 0).columns.x, values: null } } };
    const store = await openStore();
    for (let round = 0; round < 4; round++) {
      const writers = [1, 2].map(() =>
        spawn(
          process.execPath,
          ["--input-type=module", "-e", script, join(folder, "history"), JSON.stringify(template)],
          { stdio: ["ignore", "pipe", "inherit"] },
        ),
      );
      await Promise.all(writers.map((writer) => new Promise((ready) => writer.stdout.once("data", ready))));
      await sleep(80 + round * 37);
      const read = await store.read();
      for (const writer of writers) writer.kill("SIGKILL");
      await Promise.all(writers.map((writer) => new Promise((ended) => writer.once("close", ended))));
      for (const found of [...read, ...(await store.read())]) {
        expect(new Set(Object.values(found.columns.x?.values ?? {}))).toEqual(new Set([found.rowCount]));
      }
    }
    expect((await store.list()).length).toBeGreaterThan(0);
  });

  it.each([
    ["a cut file", (text: string) => text.slice(0, 300), /line 2/],
    ["another version", (text: string) => text.replace('"version":1', '"version":2'), /line 1/],
    ["no JSON", () => "{", /line 1/],
    ["an empty file", () => "", /line 1/],
    ["a negative count", (text: string) => text.replace('"nullCount":0', '"nullCount":-1'), /line 2/],
  ])("names file and line of %s", async (_, spoil, place) => {
    const store = await openStore();
    await store.put(state("2026-01-01", 1));
    const [name] = readdirSync(join(folder, "history", "partitions"));
    const path = join(folder, "history", "partitions", name as string);
    writeFileSync(path, spoil(readFileSync(path, "utf8")));
    await expect(store.read()).rejects.toMatchObject({ code: "HISTORY_INVALID", details: { file: path } });
    await expect(store.read()).rejects.toThrowError(place);
  });
});
