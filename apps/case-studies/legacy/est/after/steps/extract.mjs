// Runs the extract against the sales database. The rows of one snapshot never change, so an extract made with the same
// statement is taken from data/ again.
import { existsSync, mkdirSync, readFileSync, renameSync } from "node:fs";
import { readTable, writeTable } from "../lib/csv.mjs";
import { openDatabase } from "../lib/database.mjs";
import { shortHash } from "../lib/hash.mjs";
import { makeRandom, shuffleInPlace } from "../lib/random.mjs";

export async function extract(options, seed, output) {
  const sql = readFileSync("sql/extract.sql", "utf8");
  const key = shortHash(sql);
  const stored = `data/sales-${options.snapshot}-${key}.csv`;
  if (!existsSync(stored)) {
    mkdirSync("data", { recursive: true });
    const rows = await fetchRows(sql, options.snapshot);
    const partial = `${stored}.${process.pid}`;
    writeTable(partial, Object.keys(rows[0]), rows);
    renameSync(partial, stored);
  }
  const rows = readTable(stored);
  if (options.shuffle) {
    const random = makeRandom(seed);
    shuffleInPlace(rows, random);
  }
  writeTable(output, Object.keys(rows[0]), rows);
}

async function fetchRows(sql, snapshot) {
  const database = await openDatabase(process.env.DATABASE_URL);
  try {
    const rows = await database.query(sql, [snapshot]);
    if (rows.length === 0) throw new Error(`the snapshot ${snapshot} has no sales`);
    return rows;
  } finally {
    await database.close();
  }
}
