import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openEngine } from "@deepwright/engines";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { defineSuite, expectations } from "../suite/build.js";
import "./index.js";

const positive = defineSuite({
  name: "prices",
  key: ["id"],
  expectations: [expectations.positive({ column: "price" }), expectations.notNull({ column: "id" })],
});

describe("toPassSuite", { timeout: 60_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), "deepwright-matcher-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("takes rows, and passes exactly when every row is as expected", async () => {
    const price = fc.oneof(fc.double(), fc.integer(), fc.constant(null));
    const rows = fc.array(fc.record({ id: fc.integer(), price }), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(rows, async (data) => {
        // A column that is all null has no numbers to look at.
        fc.pre(data.some((row) => row.price !== null));
        if (data.every((row) => row.price !== null && row.price > 0)) await expect(data).toPassSuite(positive);
        else await expect(data).not.toPassSuite(positive);
      }),
      { numRuns: 40 },
    );
  });

  it("says what failed, with the failing rows", async () => {
    const failure = expect([
      { id: 1, price: 3 },
      { id: 2, price: -1 },
    ]).toPassSuite(positive);
    await expect(failure).rejects.toThrow(/1 of 2 rows \(50 %\) is not[\s\S]*id=2, price=-1/);
    await expect(expect([{ id: 1, price: 3 }]).not.toPassSuite(positive)).rejects.toThrow("it passes");
  });

  it("keeps texts, times, booleans, large integers and bytes as they are", async () => {
    const rows = [
      {
        at: new Date("2026-01-01T00:00:00Z"),
        name: "a",
        good: false,
        large: 2n ** 60n,
        bytes: new Uint8Array([1]),
        price: Number.NaN,
      },
      { at: null, name: "", good: true, large: 1n, bytes: null, price: 1 },
    ];
    const suite = defineSuite({
      name: "types",
      expectations: [
        expectations.columnTypes({
          types: { at: "timestamp", name: "text", good: "boolean", large: "integer", bytes: "bytes" },
        }),
        expectations.equalTo({ column: "large", value: 2n ** 60n, where: "name = 'a'" }),
        expectations.notNaN({ column: "price", mostly: 0.5 }),
      ],
    });
    await expect(rows).toPassSuite(suite);
  });

  it("takes files, other sources and engines that are open", async () => {
    const path = join(folder, "prices.csv");
    writeFileSync(path, "id,price\n1,5\n");
    await expect(path).toPassSuite(positive);
    await expect({ kind: "query", sql: "SELECT 1 AS id, 2 AS price" }).toPassSuite(positive);
    const orders = defineSuite({
      name: "orders",
      expectations: [expectations.foreignKey({ columns: ["item"], references: { source: "items", columns: ["id"] } })],
    });
    await expect([{ item: 1 }]).toPassSuite(orders, { sources: { items: path } });
    await expect([{ item: 2 }]).not.toPassSuite(orders, { sources: { items: [{ id: 1 }] } });
    const engine = await openEngine({ kind: "duckdb" });
    await expect({ engine, source: { kind: "query", sql: "SELECT 1 AS id, 0 AS price" } }).not.toPassSuite(positive);
    expect(await engine.query("SELECT 1 AS still")).toEqual([{ still: 1 }]);
    await engine.close();
  });

  it("refuses what is no data, mixed types and empty rows", async () => {
    const codeOf = (data: unknown) =>
      expect(data)
        .toPassSuite(positive)
        .then(
          () => "passed",
          (error: { code?: string }) => error.code,
        );
    expect(await codeOf(7)).toBe("ARGUMENT_INVALID");
    expect(await codeOf([])).toBe("ARGUMENT_INVALID");
    expect(
      await codeOf([
        { id: 1, price: 1 },
        { id: "x", price: 2 },
      ]),
    ).toBe("ARGUMENT_INVALID");
    expect(await codeOf([{ id: { nested: 1 }, price: 2 }])).toBe("ARGUMENT_INVALID");
    expect(await codeOf(join(folder, "absent.csv"))).toBe("DATA_FILE_MISSING");
  });
});
