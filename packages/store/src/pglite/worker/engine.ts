import type { PGlite } from "@electric-sql/pglite";
import { ownerGone } from "../../errors/store-errors.js";
import { quoteIdentifier } from "../../sql/quote-identifier.js";
import { scanResponse } from "../../wire/decode-response.js";
import { encodeScript } from "../../wire/encode-message.js";

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

  /** @param onBroken called when Postgres ended inside; nothing can be run afterwards */
  constructor(database: PGlite, onBroken: () => void) {
    this.#database = database;
    this.#onBroken = onBroken;
  }

  run(message: Uint8Array): EngineAnswer {
    const response = this.#database.execProtocolRawSync(message) as Uint8Array<ArrayBuffer>;
    const { notifications, status } = scanResponse(response);
    if (status === undefined) {
      this.#onBroken();
      throw ownerGone();
    }
    return { response, status, notifications };
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
