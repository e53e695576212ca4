import { readdir, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { sha256 } from "@deepwright/core";
import { type DataSource, formatOfPath, type QueryEngine } from "@deepwright/engines";
import { sql, text } from "../sql/fragment.js";
import { argumentInvalid, openTable, Questions } from "../sql/open-table.js";
import { textLiteral } from "../watch/text-literal.js";
import type { HistoryPartition } from "./update-history.js";

/**
 * The partitions of a folder, without opening a file: `day=2026-01-31/` is the partition `2026-01-31`, and so is the file
 * `2026-01-31.parquet`. A partition's content counts as changed when the size or the time of a file changes, or the files do.
 *
 * @throws DeepwrightError `ARGUMENT_INVALID` where nothing in it is data
 */
export async function folderPartitions(
  folder: string,
  options: { readonly format?: "parquet" | "csv" | "json" | "arrow" } = {},
): Promise<readonly HistoryPartition[]> {
  const found: HistoryPartition[] = [];
  const entries = (
    await readdir(folder, { withFileTypes: true }).catch((cause: { readonly code?: unknown }) => {
      if (cause.code !== "ENOENT" && cause.code !== "ENOTDIR") throw cause;
      throw argumentInvalid("a folder of partitions", JSON.stringify(folder), "Check the path.");
    })
  ).sort((left, right) => (left.name < right.name ? -1 : 1));
  for (const entry of entries) {
    if (/^[._]/.test(entry.name)) continue;
    const path = join(folder, entry.name);
    const files = entry.isDirectory() ? await dataFiles(path, options.format) : [path];
    if (!entry.isDirectory() && (options.format ?? formatOfPath(path)) === null) continue;
    if (files.length === 0) continue;
    const states = await Promise.all(files.map(async (file) => `${file}:${await fileState(file)}`));
    found.push({
      name: entry.isDirectory()
        ? partitionValue(entry.name)
        : basename(path).replace(/(\.(parquet|csv|json|jsonl|arrow|gz|zst))+$/i, ""),
      source: { kind: "file", path, ...(options.format && { format: options.format }) },
      content: sha256(states.join("\n")).slice(0, 32),
    });
  }
  if (found.length === 0) {
    throw argumentInvalid("a folder of partitions", `no data in ${JSON.stringify(folder)}`, "Check the path.");
  }
  return found;
}

async function fileState(path: string): Promise<string> {
  const { size, mtimeMs } = await stat(path);
  return `${size}:${mtimeMs}`;
}

async function dataFiles(folder: string, format: string | undefined): Promise<string[]> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  return names
    .filter((entry) => entry.isFile() && !/^[._]/.test(entry.name))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .filter((path) => (format ?? formatOfPath(path)) !== null)
    .sort();
}

/** `day=2026-01-31` is `2026-01-31`; percent signs are those of Hive. */
function partitionValue(name: string): string {
  const value = name.includes("=") ? name.slice(name.indexOf("=") + 1) : name;
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

/**
 * The days of a column of dates or timestamps, or the values of one of texts or whole numbers, told by one statement that reads
 * that column only. A partition's content counts as changed when its number of rows changes; a correction that keeps the number
 * needs `content: null` or another text for that partition.
 *
 * @throws DeepwrightError `COLUMN_MISSING`, `COLUMN_TYPE_INVALID`
 */
export async function columnPartitions(
  engine: QueryEngine,
  source: DataSource,
  column: string,
  options: { readonly signal?: AbortSignal } = {},
): Promise<readonly HistoryPartition[]> {
  const table = await openTable(engine, source, options.signal);
  const { family, sql: quoted } = table.column(column, ["date", "timestamp", "text", "integer"]);
  const isTime = family === "date" || family === "timestamp";
  const key = isTime ? sql`CAST(${quoted} AS DATE)` : quoted;
  const found = await new Questions(options.signal).rows(
    table,
    sql`SELECT ${table.dialect.toText(text("k"))} AS name, count(*) AS n FROM (SELECT ${key} AS k FROM ${table.rows("data")}) AS days GROUP BY k`,
  );
  const [rows, name] = [engine.fromClause(source), engine.quoteIdentifier(column)];
  return found
    .map((row): HistoryPartition => {
      const value = row.name as string | null;
      const condition = value === null ? `${name} IS NULL` : conditionOf(value, family, name, engine);
      return {
        name: value ?? missingPartition,
        source: { kind: "query", sql: `SELECT * FROM ${rows} WHERE ${condition}` },
        content: `rows:${row.n}`,
      };
    })
    .sort((left, right) => (left.name < right.name ? -1 : 1));
}

/** The name that Hive gives to rows without a value. */
const missingPartition = "__HIVE_DEFAULT_PARTITION__";

function conditionOf(name: string, family: string, quoted: string, engine: QueryEngine): string {
  if (family === "integer") return `${quoted} = ${BigInt(name)}`;
  if (family === "text") return `${quoted} = ${textLiteral(name, engine)}`;
  const start = Date.parse(`${name}T00:00:00Z`);
  const [day, next] = [start, start + 86_400_000].map((ms) => new Date(ms).toISOString().slice(0, 10));
  // A range and not the day of each value, so that files and row groups outside of it are left out.
  return family === "date"
    ? `${quoted} = DATE '${day}'`
    : `${quoted} >= TIMESTAMP '${day} 00:00:00' AND ${quoted} < TIMESTAMP '${next} 00:00:00'`;
}
