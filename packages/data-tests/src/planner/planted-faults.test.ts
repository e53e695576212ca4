import { manualClock } from "@deepwright/core";
import { openEngine, type QueryEngine } from "@deepwright/engines";
import { findPostgres, type PostgresServer, startPostgres } from "@deepwright/tooling/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Expectation, expectations as e } from "../index.js";
import { runSuite } from "./run-suite.js";

/** Good orders: 200 rows, one each 10 minutes of 2026-01-01 and 2, of 20 customers. */
const columns =
  "id INTEGER, customer INTEGER, at TIMESTAMP, paid TIMESTAMP, price DOUBLE PRECISION, fee DOUBLE PRECISION, total DOUBLE PRECISION, country VARCHAR(40), email VARCHAR(60), code VARCHAR(20), vip BOOLEAN, rating INTEGER";
const quoted = columns.replace(" at ", ' "at" ');
const lines = Array.from({ length: 200 }, (_, id) => {
  const at = new Date(Date.UTC(2026, 0, 1) + id * 600_000).toISOString().replace("T", " ").replace("Z", "");
  const paid = new Date(Date.UTC(2026, 0, 1) + id * 600_000 + 60_000).toISOString().replace("T", " ").replace("Z", "");
  const price = 10 + (id % 10);
  const country = ["DE", "FR", "IT", "ES"][id % 4];
  return `(${id}, ${id % 20}, '${at}', '${paid}', ${price}, 1.5, ${price + 1.5}, '${country}', 'u${id % 20}@example.org', 'TX-${String(id).padStart(4, "0")}', ${id % 10 === 0}, ${1 + (id % 5)})`;
});
const nowMs = Date.UTC(2026, 0, 2, 12);

/** What a good table must be, in at least one expectation of each idea. */
const suite: readonly Expectation[] = [
  e.columnsEqual({
    columns: ["id", "customer", "at", "paid", "price", "fee", "total", "country", "email", "code", "vip", "rating"],
    ordered: true,
  }),
  e.columnTypes({ types: { id: "integer", price: "double", at: "timestamp", country: "text", vip: "boolean" } }),
  e.rowCountBetween({ min: 190, max: 210 }),
  e.rowCountMatchesSource({ source: "customers", factor: 10, tolerance: 0.05 }),
  e.notNull({ column: "customer" }),
  e.nullFractionBetween({ column: "rating", max: 0 }),
  e.allOrNoneNull({ columns: ["at", "paid"] }),
  e.notBlank({ column: "email" }),
  e.isFiniteNumber({ column: "price" }),
  e.between({ column: "price", min: 10, max: 19 }),
  e.positive({ column: "total" }),
  e.integral({ column: "price" }),
  e.inSet({ column: "country", values: ["DE", "FR", "IT", "ES"] }),
  e.valuesEqualSet({ column: "rating", values: [1, 2, 3, 4, 5] }),
  e.distinctCountBetween({ column: "customer", min: 20, max: 20 }),
  e.matches({ column: "code", pattern: "^TX-\\d{4}$" }),
  e.hasFormat({ column: "email", format: "email" }),
  e.lengthEquals({ column: "code", length: 7 }),
  e.isTrimmed({ column: "country" }),
  e.isUppercase({ column: "country" }),
  e.isPrintableAscii({ column: "email" }),
  e.hasNoReplacementCharacter({ column: "email" }),
  e.primaryKey({ columns: ["id"] }),
  e.unique({ column: "code" }),
  e.uniqueTogether({ columns: ["customer", "at"] }),
  e.noDuplicateRows({}),
  e.foreignKey({ columns: ["customer"], references: { source: "customers", columns: ["id"] } }),
  e.childCountBetween({
    columns: ["customer"],
    references: { source: "customers", columns: ["id"] },
    min: 10,
    max: 10,
  }),
  e.sumEquals({ columns: ["price", "fee"], total: "total" }),
  e.compareColumns({ left: "at", is: "<=", right: "paid" }),
  e.delayAtMost({ from: "at", to: "paid", delay: "5 min" }),
  e.ratioBetween({ left: "fee", right: "price", max: 0.2 }),
  e.implies({ when: "vip", condition: "price = 10" }),
  e.meanBetween({ column: "price", min: 14.4, max: 14.6 }),
  e.standardDeviationBetween({ column: "price", min: 2.8, max: 2.95 }),
  e.medianBetween({ column: "price", min: 14, max: 14 }),
  e.quantileBetween({ column: "price", probability: 0.9, min: 18, max: 18 }),
  e.trueFractionBetween({ column: "vip", min: 0.1, max: 0.1 }),
  e.correlationBetween({ columns: ["price", "total"], min: 0.999 }),
  e.skewnessBetween({ column: "price", min: -0.1, max: 0.1 }),
  e.outliersAtMost({ column: "total", deviations: 4, max: 0 }),
  e.chiSquareFits({ column: "country", reference: { categories: { DE: 1, FR: 1, IT: 1, ES: 1 } }, minPValue: 0.01 }),
  e.populationStabilityAtMost({
    column: "price",
    reference: { edges: [12, 14, 17], fractions: [0.2, 0.2, 0.3, 0.3] },
    max: 0.05,
  }),
  e.kolmogorovSmirnovAtMost({
    column: "price",
    reference: { values: [10, 11, 12, 13, 14, 15, 16, 17, 18, 19] },
    maxStatistic: 0.05,
  }),
  e.newestWithin({ column: "at", age: "12h" }),
  e.notInFuture({ column: "paid" }),
  e.recentRowCountBetween({ column: "at", window: "1d", min: 100 }),
  e.strictlyIncreasing({ column: "at", orderBy: ["id"] }),
  e.gapsAtMost({ column: "at", gap: "10 min" }),
  e.evenlySpaced({ column: "at", gap: "10 min" }),
  e.consecutive({ column: "id" }),
  e.groupRowCountBetween({ by: ["country"], min: 50, max: 50 }),
  e.groupMeanBetween({ by: ["country"], column: "price", min: 13, max: 16 }),
  e.customRows({ query: "SELECT * FROM data WHERE total < price" }),
  e.customFunction({ function: "codeHasId", columns: ["id", "code"] }),
];

/** One fault each, as a statement on a copy of the good table, and a kind that must find it. */
const faults: readonly (readonly [fault: string, statement: string, foundBy: string])[] = [
  ["a column dropped", "ALTER TABLE t DROP COLUMN fee", "columnsEqual"],
  ["a column added", "ALTER TABLE t ADD COLUMN extra INTEGER", "columnsEqual"],
  ["a column renamed", "ALTER TABLE t RENAME COLUMN price TO cost", "between"],
  ["numbers became text", "ALTER TABLE t ALTER COLUMN price TYPE VARCHAR(40)", "columnTypes"],
  ["integers became doubles", "ALTER TABLE t ALTER COLUMN id TYPE DOUBLE PRECISION", "columnTypes"],
  ["all rows lost", "DELETE FROM t", "rowCountBetween"],
  ["half of the rows lost", "DELETE FROM t WHERE id >= 100", "rowCountBetween"],
  ["one row lost", "DELETE FROM t WHERE id = 77", "consecutive"],
  ["rows loaded twice", "INSERT INTO t SELECT * FROM t WHERE id < 5", "noDuplicateRows"],
  ["a key used twice", "UPDATE t SET id = 5 WHERE id = 6", "primaryKey"],
  ["a code used twice", "UPDATE t SET code = 'TX-0005' WHERE id = 6", "unique"],
  ["a pair used twice", "UPDATE t SET customer = 5, \"at\" = '2026-01-01 00:50:00' WHERE id = 6", "uniqueTogether"],
  ["a missing key", "UPDATE t SET id = NULL WHERE id = 9", "primaryKey"],
  ["a missing value", "UPDATE t SET customer = NULL WHERE id = 9", "notNull"],
  ["a missing rating", "UPDATE t SET rating = NULL WHERE id = 9", "nullFractionBetween"],
  ["a column all null", "UPDATE t SET rating = NULL", "valuesEqualSet"],
  ["half of a pair missing", "UPDATE t SET paid = NULL WHERE id = 9", "allOrNoneNull"],
  ["an empty text", "UPDATE t SET email = '' WHERE id = 9", "notBlank"],
  ["a NaN", "UPDATE t SET price = CAST('NaN' AS DOUBLE PRECISION) WHERE id = 9", "isFiniteNumber"],
  ["an infinity", "UPDATE t SET price = CAST('Infinity' AS DOUBLE PRECISION) WHERE id = 9", "isFiniteNumber"],
  ["a negative infinity", "UPDATE t SET price = CAST('-Infinity' AS DOUBLE PRECISION) WHERE id = 9", "between"],
  ["a value above its range", "UPDATE t SET price = 19.5 WHERE id = 9", "between"],
  ["a value below its range", "UPDATE t SET price = 9 WHERE id = 9", "between"],
  ["a sentinel of -1", "UPDATE t SET total = -1 WHERE id = 9", "positive"],
  ["a fraction among integers", "UPDATE t SET price = 10.5 WHERE id = 9", "integral"],
  ["cents for euros", "UPDATE t SET price = price * 100, fee = fee * 100, total = total * 100", "between"],
  ["an unknown category", "UPDATE t SET country = 'XX' WHERE id = 9", "inSet"],
  ["a category that vanished", "UPDATE t SET country = 'DE' WHERE country = 'FR'", "chiSquareFits"],
  ["a category in lower case", "UPDATE t SET country = 'de' WHERE id = 8", "isUppercase"],
  ["a category with a space", "UPDATE t SET country = 'DE ' WHERE id = 8", "isTrimmed"],
  ["a rating that vanished", "UPDATE t SET rating = 4 WHERE rating = 5", "valuesEqualSet"],
  ["a rating out of scale", "UPDATE t SET rating = 6 WHERE id = 9", "valuesEqualSet"],
  ["a customer too many", "UPDATE t SET customer = 20 WHERE id = 9", "distinctCountBetween"],
  ["an orphan", "UPDATE t SET customer = 999 WHERE id = 9", "foreignKey"],
  ["one order moved to another customer", "UPDATE t SET customer = 3 WHERE id = 9", "childCountBetween"],
  ["a code in another form", "UPDATE t SET code = 'TX_0009' WHERE id = 9", "matches"],
  ["a code cut short", "UPDATE t SET code = 'TX-009' WHERE id = 9", "lengthEquals"],
  ["a broken address", "UPDATE t SET email = 'u9.example.org' WHERE id = 9", "hasFormat"],
  ["a wrong encoding", "UPDATE t SET email = '\uFFFD@example.org' WHERE id = 9", "hasNoReplacementCharacter"],
  ["a control character", "UPDATE t SET email = 'u\t@example.org' WHERE id = 9", "isPrintableAscii"],
  ["a sum that does not add up", "UPDATE t SET total = total + 0.5 WHERE id = 9", "sumEquals"],
  ["paid before ordered", "UPDATE t SET paid = '2026-01-01 00:00:30' WHERE id = 9", "compareColumns"],
  ["paid too late", "UPDATE t SET paid = '2026-01-02 03:00:00' WHERE id = 9", "delayAtMost"],
  ["a fee too high for its price", "UPDATE t SET fee = 4, total = price + 4 WHERE id = 9", "ratioBetween"],
  ["a flag on the wrong row", "UPDATE t SET vip = true WHERE id = 9", "implies"],
  ["all flags off", "UPDATE t SET vip = false", "trueFractionBetween"],
  ["a shifted mean", "UPDATE t SET price = CASE WHEN price < 19 THEN price + 1 ELSE price END", "meanBetween"],
  ["a wider spread", "UPDATE t SET price = CASE WHEN price < 14.5 THEN 10 ELSE 19 END", "standardDeviationBetween"],
  ["a shifted median", "UPDATE t SET price = 16 WHERE price IN (13, 14)", "medianBetween"],
  ["a shifted tail", "UPDATE t SET price = 17 WHERE price IN (18, 19)", "quantileBetween"],
  ["columns that no longer go together", "UPDATE t SET total = 30 - price", "correlationBetween"],
  ["a skewed column", "UPDATE t SET price = 10 WHERE price < 18", "skewnessBetween"],
  ["an outlier", "UPDATE t SET total = 500 WHERE id = 9", "outliersAtMost"],
  ["a drifted mix", "UPDATE t SET country = 'DE' WHERE id < 80", "chiSquareFits"],
  ["a drifted distribution", "UPDATE t SET price = 12 WHERE price > 15", "populationStabilityAtMost"],
  ["a distribution with a hole", "UPDATE t SET price = 10 WHERE price = 11", "kolmogorovSmirnovAtMost"],
  ["stale data", "UPDATE t SET \"at\" = \"at\" - INTERVAL '3 days', paid = paid - INTERVAL '3 days'", "newestWithin"],
  ["data from the future", "UPDATE t SET paid = '2027-01-01' WHERE id = 9", "notInFuture"],
  ["a day with too few rows", "DELETE FROM t WHERE id BETWEEN 100 AND 190", "recentRowCountBetween"],
  ["two rows swapped in time", "UPDATE t SET \"at\" = '2026-01-01 00:30:00' WHERE id = 9", "strictlyIncreasing"],
  ["an hour missing", "DELETE FROM t WHERE id BETWEEN 50 AND 55", "gapsAtMost"],
  ["a clock that is off", "UPDATE t SET \"at\" = '2026-01-01 01:30:20' WHERE id = 9", "evenlySpaced"],
  ["a group that grew", "UPDATE t SET country = 'DE' WHERE id = 9", "groupRowCountBetween"],
  ["a group with other values", "UPDATE t SET price = 19, total = 20.5 WHERE country = 'DE'", "groupMeanBetween"],
  ["a rule of the business broken", "UPDATE t SET total = 9, price = 10, fee = -1 WHERE id = 9", "customRows"],
  ["a code that is not of its row", "UPDATE t SET code = 'TX-9999' WHERE id = 9", "customFunction"],
];

async function checkFaults(engine: QueryEngine): Promise<void> {
  await engine.query("CREATE TABLE customers (id INTEGER)");
  await engine.query(`INSERT INTO customers VALUES ${Array.from({ length: 20 }, (_, id) => `(${id})`).join(", ")}`);
  const run = async (statement: string | null) => {
    await engine.query("DROP TABLE IF EXISTS t");
    await engine.query(`CREATE TABLE t (${quoted})`);
    await engine.query(`INSERT INTO t VALUES ${lines.join(", ")}`);
    if (statement !== null) await engine.query(statement);
    return runSuite(
      engine,
      { kind: "table", name: "t" },
      { name: "orders", key: ["id"], expectations: suite },
      {
        sources: { customers: { kind: "table", name: "customers" } },
        functions: { codeHasId: (row) => Number(String(row.code).slice(3)) === Number(row.id) },
        clock: manualClock(nowMs),
        sampleSize: 2,
      },
    );
  };
  const clean = await run(null);
  expect(clean.results.filter((each) => !each.passed).map((each) => each.sentence)).toEqual([]);
  const missed: string[] = [];
  for (const [fault, statement, foundBy] of faults) {
    const result = await run(statement);
    const found = result.results.filter((each) => !each.passed).map((each) => each.kind);
    if (result.passed || !found.includes(foundBy))
      missed.push(`${fault}: wanted ${foundBy}, found ${found.join(", ")}`);
  }
  expect(missed).toEqual([]);
}

describe("planted faults are all found, and the clean table raises no alarm", () => {
  it("plants at least 60 faults", () => {
    expect(faults.length).toBeGreaterThanOrEqual(60);
  });

  it("on duckdb", { timeout: 120_000 }, async () => {
    const engine = await openEngine({ kind: "duckdb" });
    try {
      await checkFaults(engine);
    } finally {
      await engine.close();
    }
  });

  const programs = findPostgres();
  describe.skipIf(programs === null)(`on postgres${programs ? "" : " (skipped: no initdb)"}`, () => {
    let server: PostgresServer;
    beforeAll(async () => {
      server = await startPostgres();
    });
    afterAll(() => server.stop());
    it("the same faults", { timeout: 120_000 }, async () => {
      const engine = await openEngine({ kind: "postgres", uri: server.uri });
      try {
        await checkFaults(engine);
      } finally {
        await engine.close();
      }
    });
  });
});
