import { readdir, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { type DataSource, formatOfPath, type QueryEngine, sha256File } from "@deepwright/engines";
import { argumentInvalid } from "../sql/open-table.js";
import { typeFamily } from "../sql/type-family.js";
import { isTableSuite } from "../suite-files/suite-file.js";
import type { OpenSuite, TestedPartition } from "../suite-runs/open-suite-runner.js";
import { textLiteral } from "./text-literal.js";

/** A part of the data with a name, and what tells whether it changed. */
export interface Partition extends TestedPartition {
  /** Equal exactly when the content is: a hash of the file, or of the multiset of rows. */
  content(): Promise<string>;
  /** Cheap to find out, and another one when the content may have changed; `null` where there is no such thing. */
  readonly state: string | null;
}

/**
 * The partitions of a suite's data: by a column where the suite file names one, else the files of a folder.
 *
 * @throws DeepwrightError `ARGUMENT_INVALID` where the data has no partitions
 */
export async function listPartitions(
  suite: OpenSuite,
  engine: QueryEngine,
  signal: AbortSignal | undefined,
): Promise<readonly Partition[]> {
  const { source, file } = suite;
  if (source === null || !isTableSuite(file)) {
    throw argumentInvalid(
      "tables to watch",
      `${JSON.stringify(file.name)}, which is about arrays or images`,
      "Test it without --watch.",
    );
  }
  if (file.partitions !== undefined) return partitionsByColumn(engine, source, file.partitions.column, signal);
  const isFolder =
    source.kind === "file" &&
    (await stat(source.path).then(
      (state) => state.isDirectory(),
      () => false,
    ));
  if (isFolder) return partitionsOfFolder(source);
  throw argumentInvalid(
    "data with partitions to watch",
    `${JSON.stringify(file.name)}, which is about no folder and names no column`,
    "Add `partitions: { column: day }` to the suite file, or name a folder as its data.",
  );
}

async function partitionsOfFolder(source: Extract<DataSource, { kind: "file" }>): Promise<Partition[]> {
  const partitions: Partition[] = [];
  for (const name of await filesBelow(source.path, "")) {
    if ((source.format ?? formatOfPath(name)) === null) continue;
    const path = resolve(source.path, name);
    const { size, mtimeMs } = await stat(path);
    partitions.push({
      name,
      state: `${size}:${mtimeMs}`,
      content: () => sha256File(path),
      source: { ...source, path },
    });
  }
  return partitions;
}

/** Without hidden files and those that begin with `_`, as engines read folders. */
async function filesBelow(folder: string, below: string): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(join(folder, below), { withFileTypes: true })) {
    if (entry.name.startsWith(".") || entry.name.startsWith("_")) continue;
    const name = below === "" ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) found.push(...(await filesBelow(folder, name)));
    else found.push(name);
  }
  return found.sort();
}

async function partitionsByColumn(
  engine: QueryEngine,
  source: DataSource,
  column: string,
  signal: AbortSignal | undefined,
): Promise<Partition[]> {
  const more = signal && { signal };
  const found = (await engine.columns(source, more)).find(({ name }) => name === column);
  const family = found && typeFamily(found.type);
  if (family !== "integer" && family !== "date" && family !== "text") {
    throw argumentInvalid(
      `a column ${JSON.stringify(column)} of whole numbers, dates or texts to tell partitions by`,
      found === undefined ? "no such column" : found.type,
      "Name another column as `partitions`.",
    );
  }
  const { partitions } = await engine.fingerprint(source, { ...more, partitionBy: column, order: false });
  const quoted = engine.quoteIdentifier(column);
  const rows = `SELECT * FROM ${engine.fromClause(source)}`;
  const equals = (name: string): string => {
    if (name === missingPartition) return "IS NULL";
    if (family === "integer") return `= ${BigInt(name)}`;
    return family === "date" ? `= CAST(${textLiteral(name, engine)} AS DATE)` : `= ${textLiteral(name, engine)}`;
  };
  return Object.entries(partitions).map(([name, part]) => ({
    name,
    state: null,
    content: async () => `${part.rowCount}:${part.rows}`,
    source: { kind: "query", sql: `${rows} WHERE ${quoted} ${equals(name)}` },
  }));
}

/** The name that Hive, and so fingerprints, give to rows without a value. */
const missingPartition = "__HIVE_DEFAULT_PARTITION__";
