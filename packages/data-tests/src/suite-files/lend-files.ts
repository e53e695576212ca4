import { join } from "node:path";
import type { Column, DataSource, QueryEngine } from "@deepwright/engines";
import { type TypeFamily, typeFamily } from "../sql/type-family.js";

type FileSource = Extract<DataSource, { kind: "file" }>;

/** Files as sources of an engine. */
export interface FileAccess {
  sourceOf(file: FileSource, signal?: AbortSignal): Promise<DataSource>;
  /** Removes copies. */
  close(): Promise<void>;
}

/** An engine that reads files takes them as they are. */
export const directAccess: FileAccess = {
  sourceOf: async (file) => file,
  close: async () => undefined,
};

/**
 * Gives files to an engine as Parquet that every engine reads, written by DuckDB: for files that the engine reads otherwise or not
 * at all, such as Parquet with nanoseconds on Spark.
 *
 * @param reader DuckDB
 * @param folder where copies go; the engine must see it by the same path
 */
export function convertedAccess(reader: QueryEngine, folder: string): FileAccess {
  const copies = new Map<string, Promise<DataSource>>();
  return {
    sourceOf(file, signal) {
      const key = JSON.stringify([file.path, file.format]);
      const known = copies.get(key);
      if (known !== undefined) return known;
      const made = convertFile(reader, file, join(folder, `copy-${copies.size + 1}.parquet`), signal);
      copies.set(key, made);
      return made;
    },
    close: async () => undefined,
  };
}

async function convertFile(
  reader: QueryEngine,
  file: FileSource,
  path: string,
  signal: AbortSignal | undefined,
): Promise<DataSource> {
  const more = signal && { signal };
  const list = (await reader.columns(file, more)).map((column) => readExpression(column, reader));
  const query = `SELECT ${list.join(", ")} FROM ${reader.fromClause(file)}`;
  await reader.query(`COPY (${query}) TO $1 (FORMAT parquet)`, { ...more, parameters: [path] });
  return { kind: "file", path, format: "parquet" };
}

const rowsOfInsert = 20_000;

/**
 * Gives files to an engine that reads none: copied into tables of a schema of their own, which `close` drops with all that is
 * in it. Types are those that DuckDB reads.
 *
 * @param reader an engine that reads the files
 * @param schema a name that no schema of the engine has
 */
export async function copiedAccess(engine: QueryEngine, reader: QueryEngine, schema: string): Promise<FileAccess> {
  const quotedSchema = engine.quoteIdentifier(schema);
  await engine.query(`CREATE SCHEMA ${quotedSchema}`);
  const tables = new Map<string, Promise<DataSource>>();
  return {
    sourceOf(file, signal) {
      const key = JSON.stringify([file.path, file.format]);
      const known = tables.get(key);
      if (known !== undefined) return known;
      const copied = copyFile(engine, reader, file, { schema, name: `file_${tables.size + 1}` }, signal);
      tables.set(key, copied);
      return copied;
    },
    async close() {
      await engine.query(`DROP SCHEMA ${quotedSchema} CASCADE`);
    },
  };
}

async function copyFile(
  engine: QueryEngine,
  reader: QueryEngine,
  file: FileSource,
  place: { readonly schema: string; readonly name: string },
  signal: AbortSignal | undefined,
): Promise<DataSource> {
  const table = { kind: "table", ...place } as const;
  const more = signal && { signal };
  const columns = await reader.columns(file, more);
  const types = columns.map(sqlType);
  const target = engine.fromClause(table);
  const definitions = columns.map(({ name }, index) => `${engine.quoteIdentifier(name)} ${types[index]}`);
  await engine.query(`CREATE TABLE ${target} (${definitions.join(", ")})`, more);
  const places = types.map((type, index) => `$${index + 1}::${type}[]`);
  const insert = `INSERT INTO ${target} SELECT * FROM unnest(${places.join(", ")})`;
  const list = columns.map((column) => readExpression(column, reader));
  const query = `SELECT ${list.join(", ")} FROM ${reader.fromClause(file)}`;
  for await (const batch of reader.stream(query, { ...more, batchSize: rowsOfInsert })) {
    const parameters = columns.map(({ name }) => batch.columns[name] ?? []);
    await engine.query(insert, { ...more, parameters });
  }
  await engine.query(`ANALYZE ${target}`, more);
  return table;
}

const sqlTypes: Readonly<Record<TypeFamily, string>> = {
  integer: "bigint",
  decimal: "numeric",
  double: "double precision",
  text: "text",
  boolean: "boolean",
  date: "date",
  timestamp: "timestamp",
  time: "time",
  bytes: "bytea",
  other: "text",
};

const sqlType = ({ type }: Column): string =>
  type.includes("hugeint") || type === "ubigint" ? "numeric" : sqlTypes[typeFamily(type)];

/** Lists, structures and the like are copied as JSON texts, nanoseconds as microseconds. */
function readExpression({ name, type }: Column, reader: QueryEngine): string {
  const quoted = reader.quoteIdentifier(name);
  if (type === "timestamp_ns") return `CAST(${quoted} AS TIMESTAMP) AS ${quoted}`;
  return typeFamily(type) === "other" ? `CAST(to_json(${quoted}) AS VARCHAR) AS ${quoted}` : quoted;
}
