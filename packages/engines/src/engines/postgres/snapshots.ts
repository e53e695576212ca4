import { engineUnavailable } from "../../errors.js";
import { type Connections, interruptible, type LentSession, type Sessions } from "./connections.js";
import { runStatement } from "./run-statement.js";

/** States held at a time; the sessions beyond them are left for statements, so that holders never wait for each other. */
const maximumHeld = 8;

/** Keeps states of the database alive, each by a transaction of a session that does nothing else. */
export class Snapshots {
  readonly #connections: Connections;
  readonly #waiting: (() => void)[] = [];
  #free = maximumHeld;

  constructor(connections: Connections) {
    this.#connections = connections;
  }

  /** Runs `work` with sessions that see the database as it is now. */
  async hold<Result>(
    options: { readonly signal?: AbortSignal; readonly writes?: boolean },
    work: (sessions: Sessions) => Promise<Result>,
  ): Promise<Result> {
    const { signal, writes = false } = options;
    signal?.throwIfAborted();
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await this.#holdOne(signal, writes, work);
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free += 1;
      else next();
    }
  }

  async #holdOne<Result>(
    signal: AbortSignal | undefined,
    writes: boolean,
    work: (sessions: Sessions) => Promise<Result>,
  ): Promise<Result> {
    const connections = this.#connections;
    const { client, catalog } = await connections.lend();
    let broken = true;
    try {
      const id = await interruptible(connections, client, signal, async () => {
        // The transaction waits for as long as the statements of others take.
        const begin =
          "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL idle_in_transaction_session_timeout = 0";
        const { rows } = await runStatement(client, catalog, `${begin}; SELECT pg_catalog.pg_export_snapshot()`);
        return String(rows[0]?.[0]);
      });
      const result = await work(sharedState(connections, { id, writes }));
      await interruptible(connections, client, undefined, () => runStatement(client, catalog, "ROLLBACK"));
      broken = false;
      return result;
    } finally {
      // Ending the session ends its transaction.
      connections.giveBack(client, broken);
    }
  }
}

function sharedState(connections: Connections, snapshot: NonNullable<Sessions["snapshot"]>): Sessions {
  return {
    snapshot,
    get closed() {
      return connections.closed;
    },
    lend: () => connections.lend(),
    giveBack: (client, broken) => connections.giveBack(client, broken),
    cancel: (client) => connections.cancel(client),
  };
}

/**
 * Begins a transaction that sees the held state.
 *
 * @throws DeepwrightError `ENGINE_UNAVAILABLE` where the session that holds it has died
 */
export async function beginInSnapshot(
  { client, catalog }: LentSession,
  { id, writes }: NonNullable<Sessions["snapshot"]>,
): Promise<void> {
  try {
    const access = writes ? "READ WRITE" : "READ ONLY";
    await runStatement(
      client,
      catalog,
      `BEGIN ISOLATION LEVEL REPEATABLE READ ${access}; SET TRANSACTION SNAPSHOT '${id}'`,
    );
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw engineUnavailable(`the state of the data that was held is gone (${message})`, error);
  }
}
