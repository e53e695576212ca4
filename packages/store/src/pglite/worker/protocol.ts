import type { SerializedError } from "@deepwright/core";
import type { LinkMessage } from "../link/message.js";

export interface WorkerSettings {
  /** Absolute path of the store's directory. */
  readonly directory: string;
  /** Path of the socket, or name of the pipe, for other processes. */
  readonly address: string;
  readonly transactionIdleSeconds: number;
}

export type ToWorker = { readonly kind: "link"; readonly message: LinkMessage } | { readonly kind: "close" };

export type FromWorker =
  /** What one request gave: notifications and the answer, together because each message wakes the other thread. */
  | { readonly kind: "links"; readonly messages: readonly LinkMessage[] }
  | { readonly kind: "ready" }
  | { readonly kind: "failed"; readonly error: SerializedError }
  | { readonly kind: "closed" };
