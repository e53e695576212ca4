/** Where data lies. File formats are told by the ending, else by `format`. */
export type DataSource =
  | { readonly kind: "file"; readonly path: string; readonly format?: "parquet" | "csv" | "json" | "arrow" }
  /** A table or view of the engine. */
  | { readonly kind: "table"; readonly name: string; readonly schema?: string }
  /** A query in the engine's SQL. */
  | { readonly kind: "query"; readonly sql: string };

export interface Column {
  readonly name: string;
  /** The engine's own name of the type, lower case. */
  readonly type: string;
  readonly nullable: boolean;
}

/** Values as JavaScript sees them: integers beyond 2^53 as bigint, timestamps as ISO strings in UTC, blobs as Uint8Array. */
export type CellValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | Uint8Array
  | readonly CellValue[]
  | { readonly [key: string]: CellValue };

/** What an engine can do. A caller asks a flag, never the engine's name. */
export interface EngineCapabilities {
  readonly name: "duckdb" | "postgres" | "spark";
  /** Reads Parquet, CSV, JSON files by path. */
  readonly files: boolean;
  /** Gives results as Arrow. */
  readonly arrow: boolean;
  /** Writes results to Parquet. */
  readonly writesParquet: boolean;
  /** Bounds its memory and spills to disk. */
  readonly memoryLimit: boolean;
  /** Transactions over several statements. */
  readonly transactions: boolean;
  /** Identifies a state of a table without reading it (Delta, Iceberg, Postgres snapshot). */
  readonly snapshots: boolean;
}

export interface QueryOptions {
  readonly signal?: AbortSignal;
  /** Bound to `$1`, `$2`, ... */
  readonly parameters?: readonly CellValue[];
}

/** Rows of one batch in columns. All columns have `rowCount` values. */
export interface Batch {
  readonly rowCount: number;
  readonly columns: Readonly<Record<string, readonly CellValue[]>>;
}

/**
 * One database or query engine. Several queries may run at the same time; `close` waits for none of them. SQL is the
 * engine's own dialect, with identifiers quoted by `quoteIdentifier` and values bound, never pasted.
 */
export interface QueryEngine {
  readonly capabilities: EngineCapabilities;
  quoteIdentifier(name: string): string;
  /** The FROM clause item that reads a source, with names quoted and paths escaped. */
  fromClause(source: DataSource): string;
  columns(source: DataSource, options?: QueryOptions): Promise<readonly Column[]>;
  /** All rows at once; for results known to be small. */
  query<Row = Record<string, CellValue>>(sql: string, options?: QueryOptions): Promise<Row[]>;
  /** Rows in batches with bounded memory. Leaving the loop early cancels the query. */
  stream(sql: string, options?: QueryOptions & { readonly batchSize?: number }): AsyncIterable<Batch>;
  /** Arrow IPC stream bytes of the result. Refused with `CAPABILITY_MISSING` where `capabilities.arrow` is false. */
  arrow(sql: string, options?: QueryOptions): Promise<Uint8Array>;
  /** Three-level fingerprint of the data in one scan. */
  fingerprint(source: DataSource, options?: FingerprintOptions): Promise<DataFingerprint>;
  /**
   * Runs `work` with an engine all of whose statements see the data as it was at the first of them, whatever others write meanwhile;
   * also what that engine writes itself is not seen by it. It must not be used after `work`. Absent where statements
   * can't share a state.
   */
  inSnapshot?<Result>(work: (snapshot: QueryEngine) => Promise<Result>, options?: SnapshotOptions): Promise<Result>;
  close(): Promise<void>;
}

export interface SnapshotOptions {
  readonly signal?: AbortSignal;
  /** Whether statements may write; else the engine refuses those that do. Default: false. */
  readonly writes?: boolean;
}

export interface FingerprintOptions extends QueryOptions {
  /** Column by whose value partitions are told apart (a date, say); files of a folder are partitions by themselves. */
  readonly partitionBy?: string;
  /** Whether the order of rows is hashed; a SQL table has none. Default: true for files and ordered queries. */
  readonly order?: boolean;
}

/**
 * What the data is, in three steps: `order` equal: same rows in the same order; only `rows` equal: same rows in another
 * order; else other rows, and `columns` and `partitions` say which. Every hash is 32 hexadecimal digits and the same on
 * every engine. `rows`, `columns` and `partitions` are sums over rows (mod 2^128), so they merge over partitions.
 */
export interface DataFingerprint {
  readonly rowCount: number;
  readonly rows: string;
  /** `null` where the data has no order. */
  readonly order: string | null;
  readonly schema: string;
  readonly columns: Readonly<Record<string, string>>;
  readonly partitions: Readonly<Record<string, { readonly rowCount: number; readonly rows: string }>>;
  /** Snapshot id of the store, when it has one. */
  readonly snapshot: string | null;
}
