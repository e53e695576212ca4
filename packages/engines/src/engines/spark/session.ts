import { randomUUID } from "node:crypto";
import { Client, type ClientReadableStream, credentials, Metadata } from "@grpc/grpc-js";
import type { CellValue } from "../../engine.js";
import { engineClosed } from "../../errors.js";
import type { SparkAddress } from "./address.js";
import { isInterrupt, toEngineError } from "./errors.js";
import { toNamedMarkers } from "./markers.js";
import { bindParameters } from "./parameters.js";
import { interruptByOperation, type MethodName, sparkConnectMethods } from "./protocol.js";

const clientType = "deepwright";
const connectTimeoutMs = 30_000;
const controlTimeoutMs = 30_000;
/** Spark sends batches of about 4 MB; one row can be longer. */
const maximumMessageBytes = 512 * 1024 * 1024;
/** How long an interrupt waits for the jobs of a statement, and how often it looks. */
const planningLimitMs = 10_000;
const pauseMs = 50;

/** What all statements rely on: UTC, errors instead of silent nulls, and Parquet files whose columns differ. */
const settings = {
  // How soon a running statement shows that it can be interrupted.
  "spark.connect.progress.reportInterval": "200ms",
  "spark.sql.session.timeZone": "UTC",
  "spark.sql.ansi.enabled": "true",
  "spark.sql.parquet.mergeSchema": "true",
  // Spark would replace ${name} in the text of a statement, also within quotes: a quoted name would not stay what it is.
  "spark.sql.variable.substitute": "false",
};

interface Operation {
  readonly id: string;
  readonly call: ClientReadableStream<unknown>;
  /** Whether its jobs run, so that an interrupt reaches them. */
  running: boolean;
}

interface Response {
  readonly arrow_batch?: { readonly data?: Uint8Array };
  /** Sent while jobs run. */
  readonly execution_progress?: { readonly num_inflight_tasks?: string };
}

const hasTasks = ({ execution_progress: progress }: Response): boolean => Number(progress?.num_inflight_tasks ?? 0) > 0;

/** One session of a Spark Connect server, with its temporary views and settings. */
export class SparkSession {
  readonly #client: Client;
  readonly #methods = sparkConnectMethods();
  readonly #id = randomUUID();
  readonly #user: { readonly user_id: string };
  readonly #metadata = new Metadata();
  readonly #running = new Set<Operation>();
  #serverSessionId = "";
  #closed = false;

  constructor(address: SparkAddress) {
    this.#user = { user_id: address.user };
    if (address.token !== null) this.#metadata.set("authorization", `Bearer ${address.token}`);
    this.#client = new Client(address.target, address.secure ? credentials.createSsl() : credentials.createInsecure(), {
      "grpc.max_receive_message_length": maximumMessageBytes,
      "grpc.max_send_message_length": maximumMessageBytes,
    });
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Makes the session on the server. Another server at the same address is noticed later by its other session id. */
  async start(): Promise<void> {
    const pairs = Object.entries(settings).map(([key, value]) => ({ key, value }));
    const response = await this.#ask<{ server_side_session_id?: string }>(
      "Config",
      { operation: { set: { pairs } } },
      connectTimeoutMs,
    );
    this.#serverSessionId = response.server_side_session_id ?? "";
  }

  /** Arrow IPC streams of the result, each with the schema, as the server sends them; at least one. */
  async *execute(
    sql: string,
    parameters: readonly CellValue[],
    signal: AbortSignal | undefined,
  ): AsyncGenerator<Uint8Array, void, undefined> {
    signal?.throwIfAborted();
    if (this.#closed) throw engineClosed();
    const operation = this.#startOperation(sql, parameters);
    let interrupting: Promise<void> | undefined;
    const interrupt = (): void => {
      interrupting ??= this.#interrupt(operation);
    };
    signal?.addEventListener("abort", interrupt, { once: true });
    let finished = false;
    try {
      for await (const response of operation.call as AsyncIterable<Response>) {
        operation.running ||= response.arrow_batch !== undefined || hasTasks(response);
        // An interrupt waits for the first sign of jobs, which comes through this loop.
        if (signal?.aborted) continue;
        if (response.arrow_batch?.data) yield response.arrow_batch.data;
      }
      finished = true;
      signal?.throwIfAborted();
      if (this.#closed) throw engineClosed();
    } catch (error) {
      finished = !signal?.aborted;
      if (this.#closed) throw engineClosed();
      if (isInterrupt(error)) signal?.throwIfAborted();
      throw signal?.aborted && error === signal.reason ? error : toEngineError(error);
    } finally {
      signal?.removeEventListener("abort", interrupt);
      this.#running.delete(operation);
      // Also reached when the reader leaves early.
      if (!finished && !this.#closed) interrupt();
      await interrupting;
    }
  }

  /** Interrupts what runs, and lets the server forget the session. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const running = [...this.#running];
    // Releasing the session interrupts its operations on the server.
    await this.#ask("ReleaseSession", {}, controlTimeoutMs).catch(() => undefined);
    for (const operation of running) operation.call.cancel();
    this.#client.close();
  }

  #startOperation(sql: string, parameters: readonly CellValue[]): Operation {
    const method = this.#methods.ExecutePlan;
    const id = randomUUID();
    const query = parameters.length === 0 ? sql : toNamedMarkers(sql);
    const request = {
      ...this.#header(),
      operation_id: id,
      client_observed_server_side_session_id: this.#serverSessionId,
      plan: { root: { common: { plan_id: "0" }, sql: { query, named_arguments: bindParameters(parameters) } } },
    };
    const call = this.#client.makeServerStreamRequest(
      method.path,
      method.requestSerialize,
      method.responseDeserialize,
      request,
      this.#metadata,
    );
    const operation = { id, call, running: false };
    this.#running.add(operation);
    return operation;
  }

  /**
   * Ends an operation on the server. An interrupt that comes while Spark still plans ends the stream and not the jobs that
   * are made a moment later, so it waits for a sign of them, or for the operation's end.
   */
  async #interrupt(operation: Operation): Promise<void> {
    const { id, call } = operation;
    let ended = call.destroyed;
    call.once("close", () => {
      ended = true;
    });
    for (let wait = 0; wait < planningLimitMs && !operation.running && !ended && !this.#closed; wait += pauseMs) {
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
    if ((operation.running || !ended) && !this.#closed) {
      const request = { interrupt_type: interruptByOperation, operation_id: id };
      await this.#ask("Interrupt", request, controlTimeoutMs).catch(() => undefined);
    }
    call.cancel();
  }

  #header(): object {
    return { session_id: this.#id, user_context: this.#user, client_type: clientType };
  }

  #ask<Response>(name: MethodName, request: object, timeoutMs: number): Promise<Response> {
    const method = this.#methods[name];
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => call.cancel(), timeoutMs);
      const call = this.#client.makeUnaryRequest(
        method.path,
        method.requestSerialize,
        method.responseDeserialize,
        { ...this.#header(), ...request },
        this.#metadata,
        (error, response) => {
          clearTimeout(timer);
          if (error) reject(toEngineError(error));
          else resolve(response as Response);
        },
      );
    });
  }
}
