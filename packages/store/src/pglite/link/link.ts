import { DeepwrightError, type SerializedError } from "@deepwright/core";
import { ownerGone } from "../../errors/store-errors.js";
import { type LinkKind, type LinkMessage, linkKinds, readJsonPayload } from "./message.js";

/** One way to reach the worker: a MessagePort or a socket. */
export interface Transport {
  send(message: LinkMessage): void;
  /** Whether open requests keep the process running. */
  setReferenced(referenced: boolean): void;
  /** Lets go; nothing more is sent or received. */
  end(): void;
}

interface Pending {
  resolve(payload: Uint8Array): void;
  reject(error: Error): void;
}

/** The asking side of a connection to the worker. Lives until the worker or its process is gone, or `end`. */
export class Link {
  readonly #transport: Transport;
  readonly #pending = new Map<number, Pending>();
  readonly #onNotification: (channel: string, payload: string) => void;
  readonly #onUnusable: () => void;
  #lastId = 0;
  #lastTransaction = 0;
  #openTransactions = 0;
  #state: "open" | "closing" | "gone" = "open";
  #whenGone: (() => void)[] = [];

  constructor(
    transport: Transport,
    onNotification: (channel: string, payload: string) => void,
    onUnusable: () => void,
  ) {
    this.#transport = transport;
    this.#onNotification = onNotification;
    this.#onUnusable = onUnusable;
    transport.setReferenced(false);
  }

  /** False once nothing new may be sent; what was sent is still answered. */
  get usable(): boolean {
    return this.#state === "open";
  }

  request(kind: LinkKind, transaction: number, payload: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
    if (this.#state === "gone") return Promise.reject(ownerGone());
    return new Promise((resolve, reject) => {
      this.#lastId = (this.#lastId % 0xffff_ffff) + 1;
      const id = this.#lastId;
      if (this.#pending.size === 0) this.#transport.setReferenced(true);
      this.#pending.set(id, { resolve, reject });
      this.#transport.send({ id, kind, transaction, payload });
    });
  }

  /** A number for a new transaction; `transactionEnded` gives it back. */
  nextTransaction(): number {
    this.#lastTransaction = (this.#lastTransaction % 0xffff_ffff) + 1;
    this.#openTransactions += 1;
    return this.#lastTransaction;
  }

  transactionEnded(): void {
    this.#openTransactions -= 1;
    this.#hangUpWhenIdle();
  }

  receive(message: LinkMessage): void {
    if (message.kind === linkKinds.notification) {
      const { channel, payload } = readJsonPayload<{ channel: string; payload: string }>(message.payload);
      this.#onNotification(channel, payload);
    } else if (message.kind === linkKinds.closing) {
      this.close();
    } else {
      const pending = this.#pending.get(message.id);
      if (pending === undefined) return;
      this.#pending.delete(message.id);
      if (this.#pending.size === 0) this.#transport.setReferenced(false);
      if (message.kind === linkKinds.error) {
        pending.reject(DeepwrightError.fromJSON(readJsonPayload<SerializedError>(message.payload)));
      } else pending.resolve(message.payload);
      this.#hangUpWhenIdle();
    }
  }

  /** The other side is gone: fails everything that was not answered. */
  lost(cause?: unknown): void {
    if (this.#state === "gone") return;
    const wasOpen = this.#state === "open";
    this.#state = "gone";
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    for (const { reject } of pending) reject(ownerGone(cause));
    this.#transport.end();
    if (wasOpen) this.#onUnusable();
    for (const callback of this.#whenGone) callback();
  }

  /** Sends nothing new, and hangs up when everything that was asked is answered. */
  close(): Promise<void> {
    const gone = new Promise<void>((resolve) => {
      if (this.#state === "gone") resolve();
      else this.#whenGone.push(resolve);
    });
    if (this.#state === "open") {
      this.#state = "closing";
      this.#onUnusable();
    }
    this.#hangUpWhenIdle();
    return gone;
  }

  #hangUpWhenIdle(): void {
    if (this.#state === "closing" && this.#pending.size === 0 && this.#openTransactions === 0) this.lost();
  }
}
