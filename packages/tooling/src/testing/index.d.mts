/** A Postgres server of a test's own, on loopback with a free port. */
export interface PostgresServer {
  /** Address of the database `postgres` as its superuser, without a password. */
  readonly uri: string;
  readonly port: number;
  readonly processId: number;
  /** Kills the server as `kill -9` does; its data stay. */
  kill(): Promise<void>;
  /** Starts a killed server again on its data and port. */
  restart(): Promise<void>;
  /** Ends the server and removes its data. */
  stop(): Promise<void>;
}

export interface PostgresOptions {
  /** Wait for the disk at each commit, as a server does that people rely on. Default false, which is faster. */
  readonly durable?: boolean;
}

/** Folder of the programs `initdb` and `postgres`; `null` where there is none. */
export function findPostgres(): string | null;

/**
 * Makes a data directory in the temporary folder and starts a server on it, with UTF-8 and, unless told otherwise, without
 * fsync. It ends with this process at the latest.
 *
 * @example
 * ```ts
 * describe.skipIf(findPostgres() === null)("on Postgres (skipped where no server is installed)", () => {
 *   let server: PostgresServer;
 *   beforeAll(async () => {
 *     server = await startPostgres();
 *   });
 *   afterAll(() => server.stop());
 * });
 * ```
 * @throws Error with the server's output when it does not start
 */
export function startPostgres(options?: PostgresOptions): Promise<PostgresServer>;

/** Where Spark lies, with Java 17 or later beside it. */
export interface SparkInstallation {
  readonly home: string;
  readonly connectJar: string;
}

/** Spark, or the reason why there is none: `no pyspark`, `no Java 17`. */
export function findSpark(): { readonly spark: SparkInstallation | null; readonly reason: string | null };

/** A Spark Connect server of a test's own, on loopback with a free port. */
export interface SparkServer {
  /** `sc://127.0.0.1:port` */
  readonly uri: string;
  readonly port: number;
  /** Of the server's Java. */
  readonly processId: number;
  /** Ends the server and what belongs to it, and removes its data. */
  stop(): Promise<void>;
}

export interface SparkServerOptions {
  /** Workers of a standalone master, with one core and 1 GB each. Default: none, Spark runs in the server with two threads. */
  readonly workers?: number;
  /** Settings of Spark by name. */
  readonly settings?: Readonly<Record<string, string | number | boolean>>;
}

/**
 * Starts Spark Connect, which takes about 15 seconds and 600 MB, in a time zone that is not UTC. It ends with this process at
 * the latest.
 *
 * @example
 * ```ts
 * const { reason } = findSpark();
 * describe.skipIf(reason !== null)(`on Spark${reason === null ? "" : ` (skipped: ${reason})`}`, () => {
 *   let server: SparkServer;
 *   beforeAll(async () => {
 *     server = await startSpark();
 *   }, 240_000);
 *   afterAll(() => server?.stop());
 * });
 * ```
 * @throws Error with the server's output when it does not start
 */
export function startSpark(options?: SparkServerOptions): Promise<SparkServer>;
