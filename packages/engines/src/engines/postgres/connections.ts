import { Client, Pool, type PoolClient } from "pg";
import { engineClosed } from "../../errors.js";
import { isCanceled, toEngineError } from "./errors.js";
import { readTypeCatalog, type TypeCatalog } from "./type-catalog.js";

/** Text forms that `values.ts` reads. A plan for a cursor is made for all rows, as all are asked for. */
const sessionSettings = [
  "SET timezone = 'UTC'",
  "SET datestyle = 'ISO, YMD'",
  "SET intervalstyle = 'iso_8601'",
  "SET extra_float_digits = 1",
  "SET bytea_output = 'hex'",
  "SET standard_conforming_strings = on",
  "SET cursor_tuple_fraction = 1",
].join("; ");

/** Sessions at a time; more queries wait for one. */
const maximumSessions = 16;
const connectTimeoutMs = 10_000;

/** Where statements get their session from. */
export interface Sessions {
  readonly closed: boolean;
  lend(): Promise<LentSession>;
  /** `broken`: the session is in an unknown state and is ended. */
  giveBack(client: PoolClient, broken?: boolean): void;
  /** Cancels what a session runs now, through another session, as the protocol asks for. */
  cancel(client: PoolClient): Promise<void>;
  /** The state of the data that all statements see; `null` where each sees the newest. */
  readonly snapshot: Snapshot | null;
}

export interface LentSession {
  readonly client: PoolClient;
  readonly catalog: TypeCatalog;
}

/** A state of the database that a transaction of another session keeps alive. */
export interface Snapshot {
  /** As `pg_export_snapshot` gives it. */
  readonly id: string;
  readonly writes: boolean;
}

/** A pool of sessions with the settings that values are read by. */
export class Connections implements Sessions {
  readonly snapshot = null;
  readonly #uri: string;
  readonly #pool: Pool;
  readonly #prepared = new WeakSet<PoolClient>();
  readonly #lent = new Set<PoolClient>();
  readonly #waiting: (() => void)[] = [];
  #free = maximumSessions;
  #catalog: Promise<TypeCatalog> | undefined;
  #closed = false;

  constructor(uri: string) {
    this.#uri = uri;
    this.#pool = new Pool({
      connectionString: uri,
      max: maximumSessions,
      connectionTimeoutMillis: connectTimeoutMs,
      allowExitOnIdle: true,
    });
    // An idle session that the server ends is replaced at the next query, which reports what is wrong then.
    this.#pool.on("error", () => undefined);
  }

  get closed(): boolean {
    return this.#closed;
  }

  async lend(): Promise<LentSession> {
    // The pool's time limit would also count the time in its own queue.
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    let client: PoolClient | undefined;
    try {
      if (this.#closed) throw engineClosed();
      client = await this.#pool.connect();
      this.#lent.add(client);
      if (!this.#prepared.has(client)) {
        // The end of a lent session is reported by its query; without a listener it would end this process.
        client.on("error", () => undefined);
        await client.query(sessionSettings);
        this.#prepared.add(client);
      }
      this.#catalog ??= readTypeCatalog(client);
      return { client, catalog: await this.#catalog };
    } catch (error) {
      this.#catalog = undefined;
      if (client === undefined) this.#passOn();
      else this.giveBack(client, true);
      throw this.#closed ? engineClosed() : toEngineError(error);
    }
  }

  giveBack(client: PoolClient, broken = false): void {
    // After `close` the session is gone already.
    if (this.#lent.delete(client)) client.release(broken);
    this.#passOn();
  }

  async cancel(client: PoolClient): Promise<void> {
    const processId = (client as PoolClient & { readonly processID?: number }).processID;
    const other = new Client({ connectionString: this.#uri, connectionTimeoutMillis: connectTimeoutMs });
    other.on("error", () => undefined);
    try {
      await other.connect();
      await other.query("SELECT pg_catalog.pg_cancel_backend($1)", [processId]);
    } finally {
      await other.end();
    }
  }

  /** Ends all sessions, those with a running statement too. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const lent = [...this.#lent];
    this.#lent.clear();
    await Promise.allSettled(lent.map((client) => this.cancel(client)));
    for (const client of lent) client.release(true);
    await this.#pool.end();
  }

  #passOn(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free += 1;
    else next();
  }
}

/**
 * Runs `work` and cancels the session's statement when the signal fires meanwhile. Throws the signal's reason then, and an error of
 * the server as a typed one.
 */
export async function interruptible<Result>(
  connections: Sessions,
  client: PoolClient,
  signal: AbortSignal | undefined,
  work: () => Promise<Result>,
): Promise<Result> {
  signal?.throwIfAborted();
  let canceling: Promise<void> | undefined;
  const cancel = (): void => {
    canceling = connections.cancel(client).catch(() => undefined);
  };
  signal?.addEventListener("abort", cancel, { once: true });
  try {
    return await work();
  } catch (error) {
    if (isCanceled(error)) signal?.throwIfAborted();
    if (connections.closed) throw engineClosed();
    throw toEngineError(error);
  } finally {
    signal?.removeEventListener("abort", cancel);
    // The cancel must not reach the next statement of this session.
    await canceling;
  }
}
