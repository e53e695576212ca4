/** A Postgres server of a test's own, on loopback with a free port. */
export interface PostgresServer {
  /** Address of the database `postgres` as its superuser, without a password. */
  readonly uri: string;
  readonly port: number;
  readonly processId: number;
  /** Ends the server and removes its data. */
  stop(): Promise<void>;
}

/** Folder of the programs `initdb` and `postgres`; `null` where there is none. */
export function findPostgres(): string | null;

/**
 * Makes a data directory in the temporary folder and starts a server on it, with UTF-8 and without fsync. It ends with
 * this process at the latest.
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
export function startPostgres(): Promise<PostgresServer>;
