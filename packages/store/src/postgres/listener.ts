import { setTimeout as delay } from "node:timers/promises";
import type { Client, ClientConfig } from "pg";
import { quoteIdentifier } from "../sql/quote-identifier.js";
import { postgresError } from "./errors.js";

type Callback = (payload: string) => void;

const longestPauseMs = 5_000;

/** One connection that hears notifications. Made when somebody listens, and again, by one loop, when it breaks. */
export class PostgresListener {
  readonly #create: (config: ClientConfig) => Client;
  readonly #config: ClientConfig;
  readonly #callbacks = new Map<string, Set<Callback>>();
  #client: Promise<Client> | undefined;
  #isRestoring = false;
  #isClosed = false;

  constructor(create: (config: ClientConfig) => Client, config: ClientConfig) {
    this.#create = create;
    this.#config = config;
  }

  /**
   * @returns ends the listening
   * @throws DeepwrightError `STORE_UNAVAILABLE` when the server can't be reached now
   */
  async listen(channel: string, callback: Callback): Promise<() => Promise<void>> {
    const callbacks = this.#callbacks.get(channel) ?? new Set();
    const client = await this.#connected();
    if (callbacks.size === 0) await this.#tell(client, "listen", channel);
    this.#callbacks.set(channel, callbacks.add(callback));
    return async () => {
      callbacks.delete(callback);
      if (callbacks.size > 0 || this.#isClosed) return;
      this.#callbacks.delete(channel);
      // A connection that is made later listens to what is asked for then.
      const current = await this.#client?.catch(() => undefined);
      if (current !== undefined) await this.#tell(current, "unlisten", channel).catch(() => undefined);
    };
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    // A server that is away has ended the connection by itself.
    await this.#client?.then((client) => client.end()).catch(() => undefined);
  }

  #connected(): Promise<Client> {
    this.#client ??= this.#connect().catch((error: unknown) => {
      // The next caller tries again.
      this.#client = undefined;
      throw postgresError(error);
    });
    return this.#client;
  }

  async #connect(): Promise<Client> {
    const client = this.#create(this.#config);
    client.on("notification", ({ channel, payload }) => {
      for (const callback of this.#callbacks.get(channel) ?? []) callback(payload ?? "");
    });
    // Without a listener an error would end the process. A query that runs fails with it; the end follows.
    client.on("error", () => undefined);
    let hasEnded = false;
    client.once("end", () => {
      hasEnded = true;
    });
    try {
      await client.connect();
      for (const channel of this.#callbacks.keys()) await client.query(`listen ${quoteIdentifier(channel)}`);
    } catch (error) {
      await client.end().catch(() => undefined);
      throw error;
    }
    if (hasEnded) throw new Error("the connection ended");
    client.once("end", () => {
      this.#client = undefined;
      void this.#restore();
    });
    return client;
  }

  async #restore(): Promise<void> {
    if (this.#isRestoring) return;
    this.#isRestoring = true;
    for (
      let pauseMs = 100;
      !this.#isClosed && this.#callbacks.size > 0;
      pauseMs = Math.min(2 * pauseMs, longestPauseMs)
    ) {
      const isThere = await this.#connected().then(
        () => true,
        () => false,
      );
      if (isThere) break;
      // Waiting for a server does not keep a process alive.
      await delay(pauseMs, undefined, { ref: false });
    }
    this.#isRestoring = false;
    if (this.#isClosed) await this.close();
  }

  async #tell(client: Client, word: "listen" | "unlisten", channel: string): Promise<void> {
    await client.query(`${word} ${quoteIdentifier(channel)}`).catch((error: unknown) => {
      throw postgresError(error);
    });
  }
}
