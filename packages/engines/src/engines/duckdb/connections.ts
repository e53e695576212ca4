import type { DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { engineClosed } from "../../errors.js";
import { isInterrupt, toEngineError } from "./errors.js";

/** Connections of one instance; each runs one query at a time, and the last one given back is the next one lent. */
export class Connections {
  readonly #instance: DuckDBInstance;
  readonly #idle: DuckDBConnection[] = [];
  readonly #lent = new Set<DuckDBConnection>();
  #closed = false;

  constructor(instance: DuckDBInstance) {
    this.#instance = instance;
  }

  async lend(): Promise<DuckDBConnection> {
    if (this.#closed) throw engineClosed();
    const connection = this.#idle.pop() ?? (await this.#connect());
    this.#lent.add(connection);
    return connection;
  }

  giveBack(connection: DuckDBConnection): void {
    this.#lent.delete(connection);
    if (this.#closed) connection.closeSync();
    else this.#idle.push(connection);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const connection of this.#lent) connection.interrupt();
    for (const connection of this.#idle) connection.closeSync();
    this.#idle.length = 0;
    this.#instance.closeSync();
  }

  get closed(): boolean {
    return this.#closed;
  }

  async #connect(): Promise<DuckDBConnection> {
    const connection = await this.#instance.connect();
    await connection.run("SET TimeZone = 'UTC'");
    return connection;
  }
}

/**
 * Runs `work` and interrupts the connection when the signal fires meanwhile. Throws the signal's reason then, and an
 * error of the engine as a typed one.
 */
export async function interruptible<Result>(
  connections: Connections,
  connection: DuckDBConnection,
  signal: AbortSignal | undefined,
  work: () => Promise<Result>,
): Promise<Result> {
  signal?.throwIfAborted();
  if (connections.closed) throw engineClosed();
  const interrupt = (): void => connection.interrupt();
  signal?.addEventListener("abort", interrupt, { once: true });
  try {
    const result = await work();
    // DuckDB ends an interrupted stream as if it had no more rows.
    signal?.throwIfAborted();
    if (connections.closed) throw engineClosed();
    return result;
  } catch (error) {
    signal?.throwIfAborted();
    if (connections.closed && isInterrupt(error)) throw engineClosed();
    throw toEngineError(error);
  } finally {
    signal?.removeEventListener("abort", interrupt);
  }
}
