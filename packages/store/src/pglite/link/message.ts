import { Buffer } from "node:buffer";

/**
 * What travels between a store and the worker thread that runs the database, over a MessagePort in the owner's process
 * and over a socket from others. Payloads are Postgres wire messages both ways; nobody on the way looks into them.
 */
export interface LinkMessage {
  /** Pairs an answer with its request; 0 for what the worker says unasked. */
  readonly id: number;
  readonly kind: LinkKind;
  /** 0: outside transactions; else a number that the asking side chose. */
  readonly transaction: number;
  readonly payload: Uint8Array<ArrayBuffer>;
}

export const linkKinds = {
  /** Wire message, one unit. */
  execute: 1,
  /** Wire message of `begin`; answered when the connection is this transaction's alone. */
  begin: 2,
  /** Wire message of `commit` or `rollback`; gives the connection free. */
  end: 3,
  /** Channel name as UTF-8. */
  listen: 4,
  unlisten: 5,
  /** Answer: wire response. */
  result: 16,
  /** Answer: serialized error as JSON. */
  error: 17,
  /** JSON `{channel, payload}`. */
  notification: 18,
  /** The owner closes: send nothing new, and hang up when everything asked was answered. */
  closing: 19,
  /** First message of a connection: JSON `{protocol, pid}`. */
  hello: 20,
} as const;
export type LinkKind = (typeof linkKinds)[keyof typeof linkKinds];

/** Raised when the messages change in a way that an older process would not understand. */
export const linkProtocol = 1;

export const emptyPayload = new Uint8Array(0);

export const jsonPayload = (value: unknown): Uint8Array<ArrayBuffer> => new TextEncoder().encode(JSON.stringify(value));

export function readJsonPayload<T>(payload: Uint8Array): T {
  return JSON.parse(Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString("utf8")) as T;
}
