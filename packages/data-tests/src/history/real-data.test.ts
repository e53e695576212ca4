import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openEngine } from "@deepwright/engines";
import { describe, expect, it } from "vitest";
import { checkAnomalies, replayAnomalies } from "./anomalies.js";
import { columnPartitions } from "./find-partitions.js";
import { openFolderStateStore } from "./folder-state-store.js";
import { scanPartition } from "./scan-partition.js";
import { updateHistory } from "./update-history.js";

const folder = process.env.DEEPWRIGHT_DATA ?? fileURLToPath(new URL("../../../../../shared/data", import.meta.url));
const transactions = join(folder, "ccf", "transactions.parquet");
const isThere = existsSync(transactions);

/** Queries that spoil one day of transactions. */
const faults: Readonly<Record<string, (day: string) => string>> = {
  "half of the rows": (day) => `SELECT * FROM ${day} WHERE hash(customer, seen) % 2 = 0`,
  "a fifth less rows": (day) => `SELECT * FROM ${day} WHERE hash(customer, seen) % 5 > 0`,
  "every row twice": (day) => `SELECT * FROM ${day} UNION ALL SELECT * FROM ${day}`,
  "amounts in another unit": (day) => `SELECT * REPLACE (amount * 1000 AS amount) FROM ${day}`,
  "a fifth higher amounts": (day) => `SELECT * REPLACE (amount * 1.2 AS amount) FROM ${day}`,
  "three times the missing amounts": (day) =>
    `SELECT * REPLACE (CASE WHEN hash(customer, seen) % 25 > 0 THEN amount END AS amount) FROM ${day}`,
  "nothing after noon": (day) => `SELECT * FROM ${day} WHERE hour(seen) < 12`,
  "a tenth of the customers": (day) => `SELECT * REPLACE (customer % 500 AS customer) FROM ${day}`,
  "NaN in one of a hundred": (day) =>
    `SELECT * REPLACE (CASE WHEN hash(customer, seen) % 100 = 0 THEN 'NaN'::DOUBLE ELSE amount END AS amount) FROM ${day}`,
};

describe.skipIf(!isThere)(`history on published data${isThere ? "" : " (skipped: no shared data)"}`, () => {
  it("raises no alarm on 70 days of card transactions, and finds each planted fault on each of three days", {
    timeout: 120_000,
  }, async () => {
    const place = mkdtempSync(join(tmpdir(), "deepwright-history-"));
    const engine = await openEngine({ kind: "duckdb" });
    try {
      // The publisher lacks no amount; one of fifty is taken out.
      await engine.query(
        `CREATE TABLE days AS SELECT TX_DATETIME AS seen, CUSTOMER_ID AS customer, TX_FRAUD = 1 AS fraud,
           CASE WHEN hash(TRANSACTION_ID) % 50 > 0 THEN TX_AMOUNT END AS amount
         FROM ${engine.fromClause({ kind: "file", path: transactions })} WHERE TX_TIME_DAYS < 70`,
      );
      const partitions = await columnPartitions(engine, { kind: "table", name: "days" }, "seen");
      expect(partitions).toHaveLength(70);
      const store = await openFolderStateStore(place);
      await updateHistory(engine, store, partitions);
      const states = await store.read();
      const reports = replayAnomalies(states);
      expect(reports.filter(({ verdict }) => verdict === "alarm").map(({ sentence }) => sentence)).toEqual([]);
      expect(reports.filter(({ verdict }) => verdict === "usual")).toHaveLength(56);

      const missed: string[] = [];
      for (const index of [30, 48, 69]) {
        const source = partitions[index]?.source;
        if (source?.kind !== "query") throw new Error("no query");
        for (const [fault, spoil] of Object.entries(faults)) {
          const spoiled = await scanPartition(
            engine,
            { kind: "query", sql: spoil(`(${source.sql})`) },
            {
              valueLimit: 200,
              distinct: true,
              binningOf: (column) => store.claimBinning(column, () => ({ origin: 0, floor: 1, error: 0.5 })),
            },
          );
          const { verdict } = checkAnomalies([
            ...states.slice(0, index),
            { ...(states[index] as (typeof states)[number]), rowCount: spoiled.rowCount, columns: spoiled.columns },
          ]);
          if (verdict !== "alarm") missed.push(`${fault} on ${partitions[index]?.name}`);
        }
      }
      expect(missed).toEqual([]);
    } finally {
      await engine.close();
      rmSync(place, { recursive: true, force: true });
    }
  });
});
