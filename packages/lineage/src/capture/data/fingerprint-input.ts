import { stat } from "node:fs/promises";
import {
  type ComponentMap,
  DeepwrightError,
  isDeepwrightError,
  joinPath,
  type Leaf,
  toDeepwrightError,
} from "@deepwright/core";
import type { DataFingerprint, FileFingerprint, QueryEngine } from "@deepwright/engines";
import { fingerprintCache } from "./fingerprint-cache.js";
import { sampledSnapshot } from "./sampled-snapshot.js";

/** Files up to this size are hashed whole; what is larger is identified by a sample. */
const wholeBytes = 2 * 1024 ** 3;

export interface FingerprintedFile {
  /** Paths below `inputs/<name>/`, without `uri`. */
  readonly facts: ComponentMap;
  /** SHA-256 of a single file that was hashed whole. */
  readonly contentHash: string | null;
  readonly sizeBytes: number;
  readonly note: string | null;
}

/** Fingerprints files and queries with one lazily opened engine. */
export class InputFingerprinter {
  readonly #storeDirectory: string;
  #engine: Promise<QueryEngine | null> | undefined;

  constructor(storeDirectory: string) {
    this.#storeDirectory = storeDirectory;
  }

  /** @throws DeepwrightError when the file can't be read at all */
  async file(path: string): Promise<FingerprintedFile> {
    const state = await stat(path);
    if (state.isFile() && state.size > wholeBytes) {
      return {
        facts: { kind: "file", sizeBytes: state.size, snapshot: await sampledSnapshot(path) },
        contentHash: null,
        sizeBytes: state.size,
        note: `${path} is larger than 2 GiB and was identified by its size and 64 samples, not by all of its content.`,
      };
    }
    const { fileFingerprint, formatOfPath, sha256File } = await import("@deepwright/engines");
    const engine = state.isDirectory() || formatOfPath(path) !== null ? await this.#open() : null;
    const options = { cache: fingerprintCache(this.#storeDirectory), ...(engine ? { engine } : {}) };
    try {
      // Without an engine the bytes still tell whether it is the same file.
      const fingerprint = await fileFingerprint(path, engine ? options : { ...options, rowLimitBytes: -1 });
      return toFacts(fingerprint, null);
    } catch (error) {
      if (!isDeepwrightError(error) || !state.isFile()) throw error;
      const bytes = await sha256File(path);
      return {
        facts: { kind: "file", sizeBytes: state.size, bytes },
        contentHash: bytes,
        sizeBytes: state.size,
        note: `The rows of ${path} were not read: ${error.message}`,
      };
    }
  }

  /** The rows that a query gives now, and the server's snapshot. */
  async query(uri: string, sql: string): Promise<ComponentMap> {
    const { openEngine } = await import("@deepwright/engines");
    const engine = await openEngine({ kind: "postgres", uri });
    try {
      const fingerprint = await engine.fingerprint({ kind: "query", sql }, { order: /\border\s+by\b/i.test(sql) });
      return { kind: "query", query: sql, ...rowFacts(fingerprint) };
    } finally {
      await engine.close();
    }
  }

  async close(): Promise<void> {
    await (await this.#engine)?.close();
  }

  #open(): Promise<QueryEngine | null> {
    this.#engine ??= import("@deepwright/engines").then(({ openEngine }) =>
      openEngine({ kind: "duckdb", memoryLimit: 1024 ** 3 }).catch((error: unknown) => {
        if (toDeepwrightError(error).code === "ENGINE_NOT_INSTALLED") return null;
        throw error;
      }),
    );
    return this.#engine;
  }
}

function toFacts(fingerprint: FileFingerprint, note: string | null): FingerprintedFile {
  return {
    facts: {
      kind: fingerprint.kind,
      ...(fingerprint.format === null ? {} : { format: fingerprint.format }),
      ...(fingerprint.kind === "folder" ? { fileCount: fingerprint.fileCount } : {}),
      sizeBytes: fingerprint.sizeBytes,
      bytes: fingerprint.bytes,
      ...(fingerprint.data ? rowFacts(fingerprint.data) : {}),
    },
    contentHash: fingerprint.kind === "file" ? fingerprint.bytes : null,
    sizeBytes: fingerprint.sizeBytes,
    note,
  };
}

function rowFacts(data: DataFingerprint): Record<string, Leaf> {
  const facts: Record<string, Leaf> = { rowCount: data.rowCount, rows: data.rows, schema: data.schema };
  if (data.order !== null) facts.order = data.order;
  if (data.snapshot !== null) facts.snapshot = data.snapshot;
  for (const [column, hash] of Object.entries(data.columns)) facts[joinPath("columns", column)] = hash;
  for (const [partition, part] of Object.entries(data.partitions)) facts[joinPath("partitions", partition)] = part.rows;
  return facts;
}

/** The error for a declared input that is not there; thrown before the command starts. */
export function inputNotFound(path: string): DeepwrightError {
  return new DeepwrightError({
    code: "INPUT_NOT_FOUND",
    kind: "not-found",
    expected: "a file or folder that can be read",
    got: `nothing readable at ${JSON.stringify(path)}`,
    todo: "Check the path given with --data; nothing was run or recorded.",
  });
}
