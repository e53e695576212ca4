import type { PGlite } from "@electric-sql/pglite";
import { ownerGone } from "../../errors/store-errors.js";
import { quoteIdentifier } from "../../sql/quote-identifier.js";
import { scanResponse } from "../../wire/decode-response.js";
import { encodeScript } from "../../wire/encode-message.js";
import { mayChangeTables, PreparedStatements } from "./prepared-statements.js";

export interface EngineAnswer {
  readonly response: Uint8Array<ArrayBuffer>;
  readonly status: string;
  readonly notifications: readonly { readonly channel: string; readonly payload: string }[];
}

/**
 * PGlite spoken to in wire messages: a whole Parse, Bind, Describe, Execute, Sync in one call costs a quarter of
 * `PGlite.query`, which makes six calls and parses the answer in the worker.
 */
export class Engine {
  readonly #database: PGlite;
  readonly #onBroken: () => void;
  readonly #prepared: PreparedStatements;
  #idle = true;

  /** @param onBroken called when Postgres ended inside; nothing can be run afterwards */
  constructor(database: PGlite, onBroken: () => void) {
    this.#database = database;
    this.#onBroken = onBroken;
    this.#prepared = new PreparedStatements((message) => this.#send(message).response);
  }

  run(message: Uint8Array): EngineAnswer {
    const idle = this.#idle;
    const answer = this.#send(this.#prepared.rewrite(message, idle));
    if (mayChangeTables(message)) {
      if (answer.status !== "E") this.#prepared.forget();
    } else if (idle && answer.isPlanStale) {
      // A table changed under a prepared statement; nothing of the message was kept.
      this.#prepared.forget();
      return this.#send(message);
    }
    return answer;
  }

  #send(message: Uint8Array): EngineAnswer & { readonly isPlanStale: boolean } {
    const response = this.#database.execProtocolRawSync(message) as Uint8Array<ArrayBuffer>;
    const { notifications, status, isPlanStale } = scanResponse(response);
    if (status === undefined) {
      this.#onBroken();
      throw ownerGone();
    }
    this.#idle = status === "I";
    return { response, status, notifications, isPlanStale };
  }

  listen(channel: string): void {
    this.run(encodeScript(`listen ${quoteIdentifier(channel)}`));
  }

  unlisten(channel: string): void {
    this.run(encodeScript(`unlisten ${quoteIdentifier(channel)}`));
  }

  close(): Promise<void> {
    return this.#database.close();
  }
}
