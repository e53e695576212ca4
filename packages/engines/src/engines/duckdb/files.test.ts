import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { QueryEngine } from "../../engine.js";
import { compareFingerprints } from "../../fingerprint/compare.js";
import { openEngine } from "../../open-engine.js";
import { quoteLiteral } from "./identifiers.js";

let folder: string;
let engine: QueryEngine;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "deepwright-files-"));
  engine = await openEngine({ kind: "duckdb", threads: 2 });
});
afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
});

const file = (name: string): { kind: "file"; path: string } => ({ kind: "file", path: join(folder, name) });
const rowsOf = (name: string): Promise<Record<string, unknown>[]> =>
  engine.query(`SELECT * FROM ${engine.fromClause(file(name))}`);
const write = (sql: string, name: string, options = ""): Promise<unknown> =>
  engine.query(`COPY (${sql}) TO ${quoteLiteral(join(folder, name))} ${options}`);

describe("files", () => {
  it("of Parquet, CSV and JSON with the same rows have the same fingerprint", async () => {
    const sql =
      "SELECT i AS id, i / 10 AS tenth, 'row ' || i AS label, DATE '2026-01-01' + CAST(i AS INTEGER) AS day FROM range(9000) AS r(i)";
    for (const name of ["same.parquet", "same.csv", "same.json", "same.csv.gz"]) await write(sql, name);
    const parquet = await engine.fingerprint(file("same.parquet"));
    expect(parquet.rowCount).toBe(9000);
    for (const name of ["same.csv", "same.json", "same.csv.gz"]) {
      expect(await engine.fingerprint(file(name))).toEqual(parquet);
    }
    expect(await engine.fingerprint({ kind: "query", sql: `${sql} ORDER BY i` })).toEqual(parquet);
  });

  it("of a folder are partitions, in the order of their names", async () => {
    const days = "SELECT i AS id, i % 3 AS day FROM range(10000) AS r(i)";
    await write(days, "by-day", "(FORMAT parquet, PARTITION_BY (day))");
    const source = file("by-day");
    const fingerprint = await engine.fingerprint(source);
    expect(Object.keys(fingerprint.columns)).toEqual(["id", "day"]);
    expect(Object.entries(fingerprint.partitions).map(([name, part]) => [name, part.rowCount])).toEqual([
      ["day=0/data_0.parquet", 3334],
      ["day=1/data_0.parquet", 3333],
      ["day=2/data_0.parquet", 3333],
    ]);
    const whole = await engine.fingerprint({ kind: "query", sql: `${days} ORDER BY day, id` });
    expect(fingerprint.rows).toBe(whole.rows);
    expect(fingerprint.order).toBe(whole.order);
    expect(await engine.fingerprint(file("by-day/**/*.parquet"))).toEqual(fingerprint);
    const byColumn = await engine.fingerprint(source, { partitionBy: "day" });
    expect(Object.values(byColumn.partitions)).toEqual(Object.values(fingerprint.partitions));
    await write("SELECT 1 AS id", "by-day/day=1/data_1.parquet");
    const comparison = compareFingerprints(fingerprint, await engine.fingerprint(source));
    expect(comparison).toMatchObject({ verdict: "other-rows", addedPartitions: ["day=1/data_1.parquet"] });
  });

  it("of CSV in a folder are one sequence as those of Parquet", async () => {
    mkdirSync(join(folder, "csvs"));
    mkdirSync(join(folder, "parquets"));
    for (const [name, first] of [
      ["b", 5000],
      ["a", 0],
      ["c", 9000],
    ] as const) {
      await write(`SELECT i AS id FROM range(${first}, ${first + 4100}) AS r(i)`, `csvs/${name}.csv`);
      await write(`SELECT i AS id FROM range(${first}, ${first + 4100}) AS r(i)`, `parquets/${name}.parquet`);
    }
    const csv = await engine.fingerprint(file("csvs"));
    const parquet = await engine.fingerprint(file("parquets"));
    expect(csv.order).toBe(parquet.order);
    expect(Object.keys(csv.partitions)).toEqual(["a.csv", "b.csv", "c.csv"]);
  });

  it("may have any name", async () => {
    const name = fc
      .string({ unit: fc.constantFrom(..."ab'\"[]*?{}$%;\\\n -é\u{1F701}"), minLength: 1, maxLength: 12 })
      .filter((text) => !(text.includes("\\") && /[*?[]/.test(text)));
    await fc.assert(
      fc.asyncProperty(name, async (text) => {
        const path = join(folder, "names");
        rmSync(path, { recursive: true, force: true });
        mkdirSync(path);
        writeFileSync(join(path, `${text}.csv`), "a\n1\n");
        writeFileSync(join(path, "ab.csv"), text === "ab" ? "a\n1\n" : "a\n2\n");
        expect(await rowsOf(join("names", `${text}.csv`))).toEqual([{ a: 1 }]);
        const { partitions } = await engine.fingerprint(file("names"));
        expect(Object.keys(partitions)).toEqual(readdirSync(path).sort());
      }),
      { numRuns: 40 },
    );
  });

  it("with a backslash beside a pattern's character is refused", async () => {
    writeFileSync(join(folder, "a\\*.csv"), "a\n1\n");
    await expect(engine.fingerprint(file("a\\*.csv"))).rejects.toMatchObject({ code: "DATA_FILE_INVALID" });
  });

  it("of CSV keep their rows when a type shows late", async () => {
    const early = "a,b\n1,2\n".concat("5,6\n".repeat(60_000));
    writeFileSync(join(folder, "late.csv"), early);
    const before = await engine.fingerprint(file("late.csv"));
    appendFileSync(join(folder, "late.csv"), "hello,7\n");
    const after = await engine.fingerprint(file("late.csv"));
    expect(after.rowCount).toBe(before.rowCount + 1);
    expect(compareFingerprints(before, after).verdict).toBe("other-columns");
  });
});

describe("bad files are named in typed errors", () => {
  const cases: [name: string, content: string | Uint8Array, code: string, details: object][] = [
    ["garbage.parquet", "this is no Parquet file at all", "DATA_FILE_INVALID", { line: null }],
    ["empty.parquet", "", "DATA_FILE_INVALID", { line: null }],
    ["ragged.csv", `a,b\n${"5,6\n".repeat(30_000)}x,y,z\n1,2\n`, "DATA_FILE_INVALID", { line: 30_002 }],
    ["latin.csv", Buffer.from("a,b\nd\xe9j\xe0,2\n", "latin1"), "DATA_FILE_INVALID", { line: 2 }],
    ["cut.json", '{"a":1}\n{"a":2}\n{"a":\n', "DATA_FILE_INVALID", { line: 4 }],
    ["unknown.xyz", "1", "DATA_FILE_INVALID", { line: null }],
    ["table.arrow", "1", "CAPABILITY_MISSING", {}],
  ];
  it.each(cases)("%s", async (name, content, code, details) => {
    writeFileSync(join(folder, name), content);
    const error = expect.objectContaining({ code });
    await expect(engine.fingerprint(file(name))).rejects.toEqual(error);
    const place = code === "DATA_FILE_INVALID" ? { file: join(folder, name), ...details } : details;
    await expect(engine.fingerprint(file(name))).rejects.toMatchObject({ details: place });
  });

  it("a truncated Parquet file", async () => {
    await write("SELECT * FROM range(100000) AS r(i)", "whole.parquet");
    const { readFileSync } = await import("node:fs");
    const bytes = readFileSync(join(folder, "whole.parquet"));
    writeFileSync(join(folder, "cut.parquet"), bytes.subarray(0, bytes.length / 2));
    await expect(engine.fingerprint(file("cut.parquet"))).rejects.toMatchObject({
      code: "DATA_FILE_INVALID",
      details: { file: join(folder, "cut.parquet") },
    });
    const damaged = Uint8Array.from(bytes).fill(0xff, 100, bytes.length - 600);
    writeFileSync(join(folder, "damaged.parquet"), damaged);
    await expect(engine.fingerprint(file("damaged.parquet"))).rejects.toMatchObject({ code: "DATA_FILE_INVALID" });
  });

  it("an absent file, an absent pattern and a folder without tables", async () => {
    mkdirSync(join(folder, "hollow"));
    for (const name of ["absent.csv", "absent/*.parquet", "hollow"]) {
      await expect(engine.fingerprint(file(name))).rejects.toMatchObject({ code: "DATA_FILE_MISSING" });
    }
  });
});

describe("memory", () => {
  it("is limited, and a sort spills to the temporary folder", async () => {
    const temporaryDirectory = join(folder, "spill");
    const small = await openEngine({ kind: "duckdb", memoryLimit: 100_000_000, temporaryDirectory, threads: 2 });
    try {
      let spilled = 0;
      let rowCount = 0;
      let last = -1n;
      const sql = "SELECT hash(i) AS h, repeat('x', 100) || i AS payload FROM range(2000000) AS r(i) ORDER BY h";
      for await (const batch of small.stream(sql)) {
        if (spilled === 0) spilled = readdirSync(temporaryDirectory).length;
        for (const hash of batch.columns.h ?? []) {
          expect(BigInt(hash as bigint) >= last).toBe(true);
          last = BigInt(hash as bigint);
        }
        rowCount += batch.rowCount;
        if (rowCount > 100_000) break;
      }
      expect(spilled).toBeGreaterThan(0);
      await expect(small.query("SELECT list(i) AS l FROM range(100000000) AS r(i)")).rejects.toMatchObject({
        code: "MEMORY_LIMIT_EXCEEDED",
      });
    } finally {
      await small.close();
    }
  });
});
