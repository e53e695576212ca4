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
    const response = this.#exchange(message);
    const { notifications, status, isPlanStale } = scanResponse(response);
    if (status === undefined) {
      this.#onBroken();
      throw ownerGone();
    }
    this.#idle = status === "I";
    return { response, status, notifications, isPlanStale };
  }

  /**
   * Sends a message and gives the whole answer. Not by `execProtocolRawSync`: it parses every answer as well and keeps
   * what it parsed for ever.
   */
  #exchange(message: Uint8Array): Uint8Array<ArrayBuffer> {
    const chunks: Uint8Array<ArrayBuffer>[] = [];
    const done = this.#database.execProtocolRawStream(message, {
      // Files are written as they are changed; nothing else in it waits, so it is done when the call returns.
      syncToFs: false,
      onRawData: (chunk) => void chunks.push(chunk.slice()),
    });
    // Postgres broke off; the answer is incomplete, and that is how the caller knows.
    done.catch(() => undefined);
    return chunks.length === 1 && chunks[0] ? chunks[0] : joined(chunks);
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

function joined(chunks: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(chunks.reduce((size, chunk) => size + chunk.byteLength, 0));
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return whole;
}
