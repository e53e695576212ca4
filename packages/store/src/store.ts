import type { PgDatabase, PgQueryResultHKT } from "drizzle-orm/pg-core";

/** Values that both drivers take as parameters and give back the same way. */
export type SqlValue = string | number | bigint | boolean | null | Uint8Array | Date | readonly SqlValue[];

/** What can run SQL: a store, or a transaction of one. */
export interface SqlExecutor {
  /** Runs one statement with `$1`-style parameters and gives its rows. `bigint` columns come as numbers when safe. */
  query<Row = Record<string, unknown>>(text: string, parameters?: readonly SqlValue[]): Promise<Row[]>;
  /**
   * Runs several statements in one round trip and as one unit: all of them, or none when one fails. Inside a transaction
   * they are part of it. Gives the rows of each statement. Statements that can't see each other's results belong here:
   * one batch of four costs little more than one statement.
   */
  batch(statements: readonly BatchStatement[]): Promise<Record<string, unknown>[][]>;
  /**
   * Inserts many rows in one statement through `unnest`, 4 to 15 times faster than `values`. All columns have the same
   * length. `types` are Postgres element types (`uuid`, `float8`, `text`, `bytea`, `int8[]`).
   *
   * @returns the number of rows inserted, without those that `onConflict` left alone
   */
  insertColumns(
    table: string,
    columns: Readonly<Record<string, InsertColumn>>,
    options?: InsertOptions,
  ): Promise<number>;
  /** Typed queries over the packages' tables. */
  readonly db: PgDatabase<PgQueryResultHKT, Record<string, unknown>>;
}

/** One statement of {@link SqlExecutor.batch}; {@link insertStatement} makes one of columns. */
export interface BatchStatement {
  readonly text: string;
  readonly parameters?: readonly BatchParameter[];
}

/** A value, or one that is already in the wire format of its type (made by {@link insertStatement}). */
export type BatchParameter = SqlValue | WireValue;

export interface WireValue {
  readonly wire: Uint8Array;
}

export interface InsertColumn {
  readonly type: string;
  /** Typed arrays (`Float64Array`, `BigInt64Array`) are taken as they are. */
  readonly values: ArrayLike<SqlValue>;
}

export interface InsertOptions {
  /** Text after `on conflict`, such as `(id) do nothing`. */
  readonly onConflict?: string;
}

/**
 * An open database. May be shared by everything in a process; each call may run at the same time as others. With PGlite
 * statements are queued on one connection in a worker thread, with Postgres they go to a pool.
 */
export interface Store extends SqlExecutor {
  readonly kind: "pglite" | "postgres";
  /** The address without password. */
  readonly uri: string;
  /** Runs `work` in one transaction: committed when it resolves, rolled back when it throws. Never nest. */
  transaction<T>(work: (transaction: SqlExecutor) => Promise<T>): Promise<T>;
  /** Tells listeners in every process that has this database open. Payload up to 7,900 bytes. */
  notify(channel: string, payload: string): Promise<void>;
  /** Calls back on notifications until the returned function is called. */
  listen(channel: string, callback: (payload: string) => void): Promise<() => Promise<void>>;
  /** Applies the migrations that this database lacks, each in a transaction, under one lock. */
  migrate(migrations: readonly PackageMigrations[]): Promise<void>;
  close(): Promise<void>;
}

/** A gateway reached over HTTP. It offers services, not SQL. */
export interface RemoteStore {
  readonly kind: "http";
  readonly uri: string;
  /** `POST <uri>/rpc/<service>/<method>`; typed errors of the gateway are thrown as they were there. */
  call<Result>(service: string, method: string, input: unknown): Promise<Result>;
  close(): Promise<void>;
}

/** The migrations of one package, oldest first. A released one never changes. */
export interface PackageMigrations {
  /** `lineage`; also the prefix of its tables (`lineage_run`). */
  readonly package: string;
  readonly migrations: readonly Migration[];
}

export interface Migration {
  /** `0001_runs`; sorts in the order of application. */
  readonly name: string;
  /** One or several statements. */
  readonly sql: string;
}

export interface OpenStoreOptions {
  readonly migrations?: readonly PackageMigrations[];
  /** `Authorization` token for http(s). */
  readonly token?: string;
}
