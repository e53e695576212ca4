import { stat } from "node:fs/promises";
import { join } from "node:path";
import { sha256 } from "@deepwright/core";
import type { DataFingerprint, QueryEngine } from "../engine.js";
import { fileChanged } from "../errors.js";
import { openEngine } from "../open-engine.js";
import { toFileError } from "./file-errors.js";
import { type FileFormat, formatOfPath } from "./format.js";
import { listFolder } from "./list-folder.js";
import { sha256File } from "./sha256-file.js";
import { snapshotOf } from "./snapshot.js";

/** What a file or folder holds. */
export interface FileFingerprint {
  readonly path: string;
  readonly kind: "file" | "folder";
  /** `null` where no ending of a known tabular format tells one, or a folder mixes them. */
  readonly format: FileFormat | null;
  readonly fileCount: number;
  readonly sizeBytes: number;
  /** Identifies the state by size and time, without reading. The key of {@link FingerprintCache}. */
  readonly snapshot: string;
  /** SHA-256 of the bytes; for a folder, of one line `<sha256>  <relative path>` for each file. */
  readonly bytes: string;
  /** Rows and columns; `null` for what is no table, or greater than `rowLimitBytes`. */
  readonly data: DataFingerprint | null;
}

/** Keeps fingerprints of files that have not changed since. Both members may be asynchronous. */
export interface FingerprintCache {
  get(key: string): FileFingerprint | undefined | Promise<FileFingerprint | undefined>;
  set(key: string, value: FileFingerprint): void | Promise<void>;
}

export interface FileFingerprintOptions {
  readonly signal?: AbortSignal;
  /** Called with the bytes hashed so far and in all, several times a second at most speeds. */
  readonly onProgress?: (progress: { readonly doneBytes: number; readonly totalBytes: number }) => void;
  readonly cache?: FingerprintCache;
  /** Tables of more bytes are hashed as bytes only. Default: 8 GiB. */
  readonly rowLimitBytes?: number;
  /** An open DuckDB to scan tables with. Default: one is opened for this call. */
  readonly engine?: QueryEngine;
  /** Given where the path's ending misleads. */
  readonly format?: FileFormat;
}

const defaultRowLimitBytes = 8 * 1024 ** 3;

/**
 * Fingerprint of a file or folder: of its bytes always, and of its rows where it is a table that DuckDB reads (Parquet, CSV,
 * JSON, alone or as the files of a folder). Memory stays constant, whatever the size.
 *
 * @example
 * ```ts
 * const fingerprint = await fileFingerprint("sales.csv");
 * console.log(fingerprint.format, fingerprint.data?.rowCount);
 * // csv 3
 * ```
 * @throws DeepwrightError `DATA_FILE_MISSING`, `DATA_FILE_UNREADABLE`, `DATA_FILE_INVALID` (with file and line), `DATA_FILE_CHANGED`
 */
export async function fileFingerprint(path: string, options: FileFingerprintOptions = {}): Promise<FileFingerprint> {
  const { signal } = options;
  signal?.throwIfAborted();
  const state = await readState(path);
  const rowLimitBytes = options.rowLimitBytes ?? defaultRowLimitBytes;
  const format = options.format ?? commonFormat(path, state.files);
  const key = sha256(
    [path, state.snapshot, format ?? "", state.sizeBytes <= rowLimitBytes ? "rows" : "bytes"].join("\n"),
  );
  const known = await options.cache?.get(key);
  if (known !== undefined) return known;
  const bytes = await hashBytes(path, state, options);
  const isTable = format !== null && format !== "arrow" && state.sizeBytes <= rowLimitBytes;
  const data = isTable ? await scanRows(path, format, options) : null;
  if ((await readState(path)).snapshot !== state.snapshot) throw fileChanged(path);
  const fingerprint: FileFingerprint = {
    path,
    kind: state.files === null ? "file" : "folder",
    format,
    fileCount: state.files?.length ?? 1,
    sizeBytes: state.sizeBytes,
    snapshot: state.snapshot,
    bytes,
    data,
  };
  await options.cache?.set(key, fingerprint);
  return fingerprint;
}

interface PathState {
  /** Relative paths in a folder; `null` for a file. */
  readonly files: readonly string[] | null;
  readonly sizeBytes: number;
  readonly snapshot: string;
}

async function readState(path: string): Promise<PathState> {
  try {
    const own = await stat(path, { bigint: true });
    if (!own.isDirectory()) return { files: null, sizeBytes: Number(own.size), snapshot: snapshotOf(own) };
    const files = listFolder(path);
    let sizeBytes = 0;
    const snapshots: string[] = [];
    for (const file of files) {
      const stats = await stat(join(path, file), { bigint: true });
      sizeBytes += Number(stats.size);
      snapshots.push(`${snapshotOf(stats)}  ${file}`);
    }
    return { files, sizeBytes, snapshot: sha256(snapshots.join("\n")) };
  } catch (error) {
    throw toFileError(path, error);
  }
}

function commonFormat(path: string, files: readonly string[] | null): FileFormat | null {
  const formats = new Set((files ?? [path]).map(formatOfPath));
  const [format] = formats;
  return formats.size === 1 && format !== undefined ? format : null;
}

async function hashBytes(path: string, state: PathState, options: FileFingerprintOptions): Promise<string> {
  let doneBytes = 0;
  const hashOptions = {
    ...(options.signal && { signal: options.signal }),
    onBytes: (bytes: number) => {
      doneBytes += bytes;
      options.onProgress?.({ doneBytes, totalBytes: state.sizeBytes });
    },
  };
  if (state.files === null) return sha256File(path, hashOptions);
  const lines: string[] = [];
  for (const file of state.files) lines.push(`${await sha256File(join(path, file), hashOptions)}  ${file}\n`);
  return sha256(lines.join(""));
}

async function scanRows(
  path: string,
  format: Exclude<FileFormat, "arrow">,
  options: FileFingerprintOptions,
): Promise<DataFingerprint> {
  const engine = options.engine ?? (await openEngine({ kind: "duckdb" }));
  try {
    return await engine.fingerprint({ kind: "file", path, format }, options.signal && { signal: options.signal });
  } finally {
    if (options.engine === undefined) await engine.close();
  }
}
