import { toDeepwrightError } from "@deepwright/core";
import { transactionEnded, transactionTimedOut } from "../../errors/store-errors.js";
import { encodeScript } from "../../wire/encode-message.js";
import { emptyPayload, jsonPayload, type LinkKind, type LinkMessage, linkKinds } from "../link/message.js";
import type { Engine } from "./engine.js";

/** One asking side, as the scheduler sees it. */
export interface Client {
  send(message: LinkMessage): void;
}

interface Job {
  readonly client: Client;
  readonly message: LinkMessage;
}

/**
 * Shares the one connection of the database: messages run in the order in which they came, and a transaction has the
 * connection to itself from its `begin` to its end. One whose client is gone, or that was silent for too long, is
 * rolled back.
 */
export class Scheduler {
  readonly #engine: Engine;
  readonly #idleSeconds: number;
  readonly #queue: Job[] = [];
  readonly #listeners = new Map<string, Set<Client>>();
  readonly #timedOut = new WeakMap<Client, Set<number>>();
  #holder: { readonly client: Client; readonly transaction: number } | undefined;
  #idleTimer: NodeJS.Timeout | undefined;

  /** @param idleSeconds a transaction is rolled back when it asked for nothing for this long */
  constructor(engine: Engine, idleSeconds: number) {
    this.#engine = engine;
    this.#idleSeconds = idleSeconds;
  }

  submit(client: Client, message: LinkMessage): void {
    const { kind, transaction } = message;
    const belongs = this.#holder?.client === client && this.#holder.transaction === transaction;
    if (transaction !== 0 && kind !== linkKinds.begin && !belongs) {
      const late = this.#timedOut.get(client)?.has(transaction) ?? false;
      this.#fail(client, message.id, late ? transactionTimedOut(this.#idleSeconds) : transactionEnded());
    } else if (belongs || this.#holder === undefined) {
      this.#run({ client, message });
    } else this.#queue.push({ client, message });
  }

  /** Forgets a client: drops what it asked for and rolls its transaction back. */
  leave(client: Client): void {
    const kept = this.#queue.filter((job) => job.client !== client);
    this.#queue.splice(0, this.#queue.length, ...kept);
    for (const [channel, clients] of this.#listeners) {
      clients.delete(client);
      if (clients.size === 0) this.#listeners.delete(channel);
    }
    if (this.#holder?.client === client) this.#rollBack();
  }

  #run({ client, message }: Job): void {
    try {
      this.#answer(client, message.id, linkKinds.result, this.#perform(client, message));
    } catch (error) {
      this.#fail(client, message.id, error);
    }
    this.#drain();
  }

  #perform(client: Client, message: LinkMessage): Uint8Array<ArrayBuffer> {
    const { kind, payload, transaction } = message;
    if (kind === linkKinds.listen || kind === linkKinds.unlisten) {
      this.#subscribe(client, new TextDecoder().decode(payload), kind === linkKinds.listen);
      return emptyPayload;
    }
    clearTimeout(this.#idleTimer);
    const { response, status, notifications } = this.#engine.run(payload);
    for (const notification of notifications) this.#publish(notification);
    if (kind === linkKinds.begin && status === "T") this.#holder = { client, transaction };
    else if (kind === linkKinds.end) {
      this.#holder = undefined;
      if (status !== "I") this.#engine.run(encodeScript("rollback"));
    } else if (this.#holder === undefined && status !== "I") this.#engine.run(encodeScript("rollback"));
    if (this.#holder !== undefined) {
      this.#idleTimer = setTimeout(() => this.#timeOut(), this.#idleSeconds * 1000);
    }
    return response;
  }

  #subscribe(client: Client, channel: string, subscribed: boolean): void {
    const clients = this.#listeners.get(channel) ?? new Set();
    if (subscribed) {
      if (clients.size === 0) this.#engine.listen(channel);
      this.#listeners.set(channel, clients.add(client));
    } else if (clients.delete(client) && clients.size === 0) {
      this.#listeners.delete(channel);
      this.#engine.unlisten(channel);
    }
  }

  #publish(notification: { readonly channel: string; readonly payload: string }): void {
    for (const client of this.#listeners.get(notification.channel) ?? []) {
      this.#answer(client, 0, linkKinds.notification, jsonPayload(notification));
    }
  }

  #timeOut(): void {
    if (this.#holder === undefined) return;
    const { client, transaction } = this.#holder;
    const known = this.#timedOut.get(client) ?? new Set();
    this.#timedOut.set(client, known.add(transaction));
    this.#rollBack();
  }

  #rollBack(): void {
    clearTimeout(this.#idleTimer);
    this.#holder = undefined;
    this.#engine.run(encodeScript("rollback"));
    this.#drain();
  }

  #drain(): void {
    while (this.#holder === undefined) {
      const job = this.#queue.shift();
      if (job === undefined) return;
      try {
        this.#answer(job.client, job.message.id, linkKinds.result, this.#perform(job.client, job.message));
      } catch (error) {
        this.#fail(job.client, job.message.id, error);
      }
    }
  }

  #answer(client: Client, id: number, kind: LinkKind, payload: Uint8Array<ArrayBuffer>): void {
    client.send({ id, kind, transaction: 0, payload });
  }

  #fail(client: Client, id: number, error: unknown): void {
    this.#answer(client, id, linkKinds.error, jsonPayload(toDeepwrightError(error)));
  }
}
