// Runs the extract against the sales database. The rows of one snapshot never change, so an extract made with the same
// statement is taken from data/ again.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync } from "node:fs";
import { readTable, writeTable } from "../lib/csv.mjs";
import { openDatabase } from "../lib/database.mjs";
import { makeRandom, shuffleInPlace } from "../lib/random.mjs";

export async function extract(options, seed, output) {
  const sql = readFileSync("sql/extract.sql", "utf8");
  const key = createHash("sha256").update(sql).digest("hex").slice(0, 8);
  const stored = `data/sales-${options.snapshot}-${key}.csv`;
  if (!existsSync(stored)) {
    mkdirSync("data", { recursive: true });
    const rows = await fetchRows(sql, options.snapshot);
    const partial = `${stored}.${process.pid}`;
    writeTable(partial, Object.keys(rows[0]), rows);
    renameSync(partial, stored);
  }
  const rows = readTable(stored);
  if (options.shuffle) shuffleInPlace(rows, makeRandom(seed));
  writeTable(output, Object.keys(rows[0]), rows);
}

async function fetchRows(sql, snapshot) {
  const database = await openDatabase(process.env.DATABASE_URL);
  try {
    return await database.query(sql, [snapshot]);
  } finally {
    await database.close();
  }
}
