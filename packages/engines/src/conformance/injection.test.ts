import { findPostgres, type PostgresServer, startPostgres } from "@deepwright/tooling/testing";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CellValue, QueryEngine } from "../engine.js";
import { openEngine } from "../open-engine.js";

/** Text in which characters that mean something in SQL are frequent. */
const text = fc
  .string({
    unit: fc.oneof(fc.constantFrom(..."'\"\\;-/*$1(){},%:\n\t "), fc.string({ unit: "binary", maxLength: 1 })),
  })
  .filter((value) => !value.includes("\0"));
/** Both engines cut names at some length; Postgres at 63 bytes. */
const name = text.filter((value) => value !== "" && Buffer.byteLength(value) <= 63);

function promises(open: () => Promise<QueryEngine>): void {
  let engine: QueryEngine;
  beforeAll(async () => {
    engine = await open();
    await engine.query("CREATE TABLE victims (a INTEGER)");
  });
  afterAll(() => engine?.close());

  it("no text that is bound or quoted gets out of its place", async () => {
    await fc.assert(
      fc.asyncProperty(text, name, fc.array(fc.option(text)), async (value, alias, list) => {
        const sql = `SELECT CAST($1 AS VARCHAR) AS ${engine.quoteIdentifier(alias)}, CAST($2 AS VARCHAR[]) AS "${"z".repeat(60)}"`;
        const [row] = await engine.query<Record<string, CellValue>>(sql, { parameters: [value, list] });
        expect(Object.values(row ?? {})).toEqual([value, list]);
        expect(Object.keys(row ?? {})[0]).toBe(alias);
        expect(await engine.query("SELECT * FROM victims")).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  it("a table and a column of any name are read and fingerprinted", async () => {
    await fc.assert(
      fc.asyncProperty(name, name, async (table, column) => {
        const quoted = engine.quoteIdentifier(table);
        fc.pre(table.toLowerCase() !== "victims");
        await engine.query(`CREATE TABLE ${quoted} (${engine.quoteIdentifier(column)} VARCHAR)`);
        try {
          await engine.query(`INSERT INTO ${quoted} VALUES ($1)`, { parameters: [column] });
          const { columns, rowCount } = await engine.fingerprint(
            { kind: "table", name: table },
            { partitionBy: column, order: true },
          );
          expect([Object.keys(columns), rowCount]).toEqual([[column], 1]);
        } finally {
          await engine.query(`DROP TABLE ${quoted}`);
        }
      }),
      { numRuns: 30 },
    );
  });

  it("a name with a NUL byte is refused before it is sent", () => {
    expect(() => engine.quoteIdentifier("a\0b")).toThrow(expect.objectContaining({ code: "TEXT_WITH_NUL" }));
  });
}

describe("duckdb", () => promises(() => openEngine({ kind: "duckdb", threads: 2 })));

const programs = findPostgres();

describe.skipIf(programs === null)(`postgres${programs ? "" : " (skipped: no initdb)"}`, () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server?.stop());
  promises(() => openEngine({ kind: "postgres", uri: server.uri }));

  it("a value with a NUL byte is refused before it is sent", async () => {
    const engine = await openEngine({ kind: "postgres", uri: server.uri });
    const refused = engine.query("SELECT CAST($1 AS VARCHAR)", { parameters: ["a\0b"] });
    await expect(refused).rejects.toMatchObject({ code: "TEXT_WITH_NUL" });
    expect(await engine.query("SELECT 1 AS a")).toEqual([{ a: 1 }]);
    await engine.close();
  });
});
