import { statSync } from "node:fs";
import { join, sep } from "node:path";
import type { DataSource } from "../../engine.js";
import { capabilityMissing, fileInvalid, fileMissing } from "../../errors.js";
import { type FileFormat, formatOfPath } from "../../files/format.js";
import { listFolder } from "../../files/list-folder.js";
import { quoteIdentifier, quoteLiteral } from "./identifiers.js";

type FileSource = Extract<DataSource, { kind: "file" }>;

/** Files as DuckDB reads them: one call of `reader` on the paths or patterns. */
export interface ResolvedFiles {
  readonly format: Exclude<FileFormat, "arrow">;
  /** Patterns of DuckDB, or paths with its special characters escaped. */
  readonly patterns: readonly string[];
  /** What partitions are named relative to; `null` where there is one file only. */
  readonly root: string | null;
}

/** Extra options of DuckDB's readers. */
export interface ReadOptions {
  /** Name of a column that gets the path of each row's file. */
  readonly fileColumn?: string;
  /** Look at all rows to find the types, and not at the first 20,480 only. */
  readonly sampleAll?: boolean;
}

export function fromClause(source: DataSource, options: ReadOptions = {}): string {
  switch (source.kind) {
    case "table":
      return source.schema === undefined
        ? quoteIdentifier(source.name)
        : `${quoteIdentifier(source.schema)}.${quoteIdentifier(source.name)}`;
    case "query":
      return `(${source.sql.replace(/[;\s]+$/, "")}\n)`;
    case "file":
      return readCall(resolveFiles(source), options);
  }
}

function readCall(files: ResolvedFiles, options: ReadOptions): string {
  const paths = files.patterns.map(quoteLiteral);
  const settings = [paths.length === 1 ? paths[0] : `[${paths.join(", ")}]`];
  if (files.root !== null) settings.push("union_by_name = true");
  if (options.fileColumn !== undefined) settings.push(`filename = ${quoteLiteral(options.fileColumn)}`);
  if (options.sampleAll && files.format !== "parquet") settings.push("sample_size = -1");
  return `read_${files.format}(${settings.join(", ")})`;
}

/** Finds out whether a path is a file, a folder or a pattern, and which format its files have. */
export function resolveFiles(source: FileSource): ResolvedFiles {
  const stats = statSync(source.path, { throwIfNoEntry: false });
  if (stats?.isDirectory()) return resolveFolder(source);
  const format = readableFormat(source, source.format ?? formatOfPath(source.path));
  if (stats !== undefined) return { format, patterns: [escapePattern(source.path)], root: null };
  if (!/[*?[]/.test(source.path)) throw fileMissing(source.path);
  return { format, patterns: [source.path], root: fixedFolder(source.path) };
}

function resolveFolder(source: FileSource): ResolvedFiles {
  const files = listFolder(source.path).filter((file) => {
    const format = formatOfPath(file);
    return format !== null && (source.format === undefined || source.format === format);
  });
  const formats = new Set(files.map(formatOfPath));
  if (files.length === 0) throw fileMissing(source.path);
  if (formats.size > 1) {
    throw fileInvalid({
      file: source.path,
      line: null,
      reason: `a folder with files of several formats (${[...formats].join(", ")})`,
    });
  }
  const format = readableFormat(source, formatOfPath(files[0] ?? ""));
  return { format, patterns: files.map((file) => escapePattern(join(source.path, file))), root: source.path };
}

function readableFormat(source: FileSource, format: FileFormat | null): ResolvedFiles["format"] {
  if (format === "arrow") {
    throw capabilityMissing(
      "duckdb",
      "reads Arrow files",
      "Convert the file to Parquet; DuckDB reads Arrow by an extension only.",
    );
  }
  if (format !== null) return format;
  throw fileInvalid({ file: source.path, line: null, reason: "a name whose ending tells no known format" });
}

/** A path in which DuckDB finds no pattern. */
function escapePattern(path: string): string {
  if (sep !== "\\" && path.includes("\\") && /[*?[]/.test(path)) {
    // In patterns DuckDB takes a backslash for a separator of folders, on every platform.
    const reason = "a path with a backslash beside one of * ? [, which DuckDB can't address";
    throw fileInvalid({ file: path, line: null, reason });
  }
  return path.replace(/[*?[]/g, "[$&]");
}

/** The folders of a pattern before its first special character. */
function fixedFolder(pattern: string): string {
  const fixed = pattern.slice(0, pattern.search(/[*?[]/));
  return fixed.slice(0, Math.max(fixed.lastIndexOf("/"), fixed.lastIndexOf(sep)) + 1);
}
