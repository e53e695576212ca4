import { createHash } from "node:crypto";
import { statSync } from "node:fs";
import { resolve } from "node:path";
import type { DataSource } from "../../engine.js";
import { capabilityMissing, fileInvalid } from "../../errors.js";
import { type FileFormat, formatOfPath } from "../../files/format.js";
import { listFolder } from "../../files/list-folder.js";
import { quoteIdentifier, quoteLiteral } from "./identifiers.js";
import type { SparkSession } from "./session.js";

type FileSource = Extract<DataSource, { kind: "file" }>;

/** Files as Spark reads them. */
export interface SparkFiles {
  readonly format: Exclude<FileFormat, "arrow">;
  /** Path or pattern as Hadoop reads it. */
  readonly path: string;
  /** Folder that partitions are named relative to; `null` for a single file. */
  readonly root: string | null;
}

/** A CSV file may hold line breaks inside quotes, and JSON files one value a line. */
const readerOptions: Readonly<Record<SparkFiles["format"], string>> = {
  parquet: "",
  csv: ", header 'true', inferSchema 'true', multiLine 'true', mode 'FAILFAST', escape '\"'",
  json: ", mode 'FAILFAST'",
};

/**
 * Files as FROM clause items. Spark reads a path with options only through a view, so each file that a caller asks for
 * gets a temporary one, which is made again before each statement that names it: the files may have changed.
 */
export class FileViews {
  readonly #views = new Map<string, SparkFiles>();

  fromClause(source: DataSource): string {
    switch (source.kind) {
      case "table":
        return source.schema === undefined
          ? quoteIdentifier(source.name)
          : `${quoteIdentifier(source.schema)}.${quoteIdentifier(source.name)}`;
      case "query":
        // The line break ends a comment in the last line.
        return `(${source.sql.replace(/[;\s]+$/, "")}\n)`;
      case "file":
        return quoteIdentifier(this.#viewOf(resolveFiles(source)));
    }
  }

  /** Makes the views that the statement names. */
  async refresh(session: SparkSession, sql: string, signal: AbortSignal | undefined): Promise<void> {
    for (const [name, files] of this.#views) {
      if (!sql.includes(name)) continue;
      const options = `path ${quoteLiteral(files.path)}${readerOptions[files.format]}`;
      const statement = `CREATE OR REPLACE TEMPORARY VIEW ${name} USING ${files.format} OPTIONS (${options})`;
      for await (const _ of session.execute(statement, [], signal));
    }
  }

  #viewOf(files: SparkFiles): string {
    const digest = createHash("sha256").update(`${files.format}\n${files.path}`).digest("hex").slice(0, 24);
    const name = `deepwright_file_${digest}`;
    this.#views.set(name, files);
    return name;
  }
}

/** Finds out which files a path means. Paths with a scheme (`s3a://...`) are the server's; others are made absolute here. */
export function resolveFiles(source: FileSource): SparkFiles {
  const remote = /^[a-z][a-z0-9+.-]+:\/\//i.test(source.path);
  const stats = remote ? undefined : statSync(source.path, { throwIfNoEntry: false });
  const format = readableFormat(source, stats?.isDirectory() ? formatOfFolder(source) : formatOfPath(source.path));
  if (remote) return { format, path: source.path, root: source.path };
  const path = resolve(source.path);
  if (stats !== undefined) refuseUnaddressable(path, format);
  if (stats?.isDirectory()) return { format, path: escapePattern(path), root: path };
  if (stats !== undefined || !/[*?[{]/.test(path)) return { format, path: escapePattern(path), root: null };
  const fixed = path.slice(0, path.search(/[*?[{]/));
  return { format, path, root: fixed.slice(0, fixed.lastIndexOf("/") + 1) };
}

function formatOfFolder(source: FileSource): FileFormat | null {
  const formats = new Set(
    listFolder(source.path)
      .map(formatOfPath)
      .filter((format) => format !== null),
  );
  if (formats.size > 1) {
    const reason = `a folder with files of several formats (${[...formats].join(", ")})`;
    throw fileInvalid({ file: source.path, line: null, reason });
  }
  return [...formats][0] ?? null;
}

function readableFormat(source: FileSource, told: FileFormat | null): SparkFiles["format"] {
  const format = source.format ?? told;
  if (format === "arrow") {
    throw capabilityMissing(
      "spark",
      "reads Arrow files",
      "Convert the file to Parquet; Spark has no reader of Arrow files.",
    );
  }
  if (format !== null) return format;
  throw fileInvalid({ file: source.path, line: null, reason: "a name whose ending tells no known format" });
}

/** Hadoop takes a colon for the end of a scheme, and Spark's reader of whole CSV files takes a path for a pattern twice. */
function refuseUnaddressable(path: string, format: SparkFiles["format"]): void {
  const place = path.search(format === "csv" ? /[:\\*?[\]{}]/ : /:/);
  if (place < 0) return;
  const reason = `a path with ${JSON.stringify(path[place])}, by which Spark can't address ${format.toUpperCase()} files`;
  throw fileInvalid({ file: path, line: null, reason });
}

/** A path in which Hadoop's file system finds no pattern. */
const escapePattern = (path: string): string => path.replace(/[\\*?[\]{}]/g, "\\$&");
