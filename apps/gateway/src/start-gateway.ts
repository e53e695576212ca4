import { type Clock, DeepwrightError, systemClock, toDeepwrightError } from "@deepwright/core";
import { callService, explainRegression, openLineage, storedContent } from "@deepwright/lineage";
import { runChannel } from "@deepwright/lineage/graphql";
import { locateStore } from "@deepwright/lineage/recorder";
import type { Store } from "@deepwright/store";
import { type FastifyInstance, fastify } from "fastify";
import type { DocumentNode, GraphQLError } from "graphql";
import { type GatewayConfig, type GatewayConfigInput, parseConfig } from "./config/config.js";
import { startApollo } from "./graphql/apollo.js";
import { boundedStore } from "./graphql/document-store.js";
import type { ReportDefect } from "./graphql/errors.js";
import { createExecutor } from "./graphql/executor.js";
import { limitRule } from "./graphql/limits/rules.js";
import { mountGraphql } from "./graphql/mount.js";
import { OperationBook } from "./graphql/operation-book.js";
import { OperationReader } from "./graphql/operations.js";
import { ReturningQueries } from "./graphql/returning-queries.js";
import { mountEventStream } from "./live/event-stream.js";
import { createLiveRunner } from "./live/subscribe.js";
import { mountWebSocket } from "./live/web-socket.js";
import { mountOverview } from "./overview/mount.js";
import { styleHash } from "./overview/style.js";
import { mountRpc } from "./rpc/mount.js";
import { gatewaySchema } from "./schema/gateway-schema.js";
import { createDoorkeeper } from "./server/doorkeeper.js";
import { mountErrors } from "./server/errors.js";
import { mountHealth } from "./server/health.js";
import { listen } from "./server/listen.js";
import { mountSecurity } from "./server/security.js";
import { announcedRuns } from "./services/announced-runs.js";
import { cachedRuns } from "./services/read-cache.js";
import { startUpkeep } from "./spool/upkeep.js";

/** A gateway that listens. */
export interface Gateway {
  /** `http://127.0.0.1:4000` */
  readonly url: string;
  readonly config: GatewayConfig;
  /** Lets requests end, ends live connections, and closes the store. Later calls wait for the first. */
  close(): Promise<void>;
}

export interface GatewayOptions {
  readonly clock?: Clock;
  /** Where defects are written. Default: one line and the stack on standard error. */
  readonly report?: ReportDefect;
  /** A store that is open already; the gateway leaves it open. */
  readonly store?: Store;
}

const reportOnStandardError: ReportDefect = (error) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
};

/** The server, and what must end before it can: whatever keeps connections open, and work of its own. */
interface Parts {
  readonly server: FastifyInstance;
  readonly stops: (() => Promise<void>)[];
  stopping: boolean;
}

async function openServices(config: GatewayConfig, options: GatewayOptions, clock: Clock) {
  const lineage = await openLineage(options.store ?? locateStore({ store: config.store }).uri, { clock });
  const { store } = lineage;
  if (store.kind === "http") {
    await lineage.close();
    throw new DeepwrightError({
      code: "STORE_NOT_A_DATABASE",
      expected: "a file: or postgres: store",
      got: "another gateway",
      todo: "Give the gateway the database itself.",
    });
  }
  const announced = announcedRuns(lineage.runs, (runIds) => store.notify(runChannel, JSON.stringify(runIds)));
  const cache = cachedRuns(announced, { maxAgeMs: config.readCacheMs, clock });
  const stopListening = await store.listen(runChannel, cache.invalidate);
  return {
    store,
    runs: cache.runs,
    graph: lineage.graph,
    async close() {
      // A database that is away has forgotten the listener by itself.
      await stopListening().catch(() => undefined);
      await lineage.close();
    },
  };
}

async function mountAll(
  config: GatewayConfig,
  services: Awaited<ReturnType<typeof openServices>>,
  report: ReportDefect,
): Promise<Parts> {
  const server = fastify({
    forceCloseConnections: "idle",
    requestTimeout: 120_000,
    routerOptions: { maxParamLength: 200 },
  });
  const parts: Parts = { server, stops: [], stopping: false };
  const doorkeeper = createDoorkeeper(config);
  const { sourceText } = config;
  const { schema, createContext } = gatewaySchema(services, { sourceText });
  const rules = [limitRule(config.limits)];
  const book = new OperationBook(schema, config.limits);
  const executor = createExecutor(schema, book);
  const documents = boundedStore<DocumentNode>(config.queryCacheSize);
  const reader = new OperationReader(schema, config, rules, report);
  const format = (errors: readonly GraphQLError[]) => reader.format(errors);
  const returning = new ReturningQueries({ schema, book, createContext, format, size: config.queryCacheSize });
  const onAdmitted = (query: string, document: DocumentNode) => returning.remember(query, document);
  const apollo = await startApollo({ schema, config, executor, onAdmitted, documents, rules, report });
  server.addHook("onClose", () => apollo.stop());
  const runner = createLiveRunner({ schema, reader, book, executor, createContext });

  mountErrors(server, report);
  mountSecurity(server, doorkeeper, styleHash);
  // A client that keeps its connection would keep the gateway from stopping.
  server.addHook("onSend", async (_request, reply) => {
    if (parts.stopping) reply.header("connection", "close");
  });
  mountHealth(server, services.store, () => parts.stopping);
  mountOverview(server, {
    runs: services.runs,
    explainRegression: (input) =>
      explainRegression(services.runs, {
        ...input,
        store: false,
        ...(sourceText === "anywhere" ? {} : { contentSource: storedContent(services.runs) }),
      }),
  });
  const streams = new Set<() => void>();
  const maxBytes = config.limits.bodyBytes;
  await mountGraphql(server, { apollo, createContext, returning, maxBytes }, (scope) =>
    mountEventStream(scope, runner, streams),
  );
  await mountRpc(server, {
    call: (service, method, input) => callService(services, service, method, input),
    ingest: (batch) => services.runs.ingest(batch),
    maxBytes: config.limits.ingestBytes,
  });
  const stopSockets = mountWebSocket(server, { schema, runner, doorkeeper, maxMessageBytes: maxBytes });
  parts.stops.push(stopSockets, async () => {
    for (const end of streams) end();
  });
  return parts;
}

async function closeServer({ server, stops }: Parts, graceMs: number): Promise<void> {
  for (const stop of stops.toReversed()) await stop();
  const impatience = setTimeout(() => server.server.closeAllConnections(), graceMs);
  try {
    await server.close();
  } finally {
    clearTimeout(impatience);
  }
}

/**
 * Starts a gateway: opens the store, brings its tables up to date, and listens.
 *
 * @param input the configuration; everything has a default
 * @throws DeepwrightError `INVALID_CONFIG`, `TOKEN_REQUIRED`, `PORT_TAKEN`, and what opening the store throws
 * @example
 * ```ts
 * const gateway = await startGateway({ store: "file:.deepwright", port: 0 });
 * console.log(gateway.url.startsWith("http://127.0.0.1:")); // true
 * await gateway.close();
 * ```
 */
export async function startGateway(input: GatewayConfigInput = {}, options: GatewayOptions = {}): Promise<Gateway> {
  const config = parseConfig(input);
  const clock = options.clock ?? systemClock;
  const report = options.report ?? reportOnStandardError;
  const services = await openServices(config, options, clock);
  let parts: Parts | undefined;
  try {
    parts = await mountAll(config, services, report);
    const url = await listen(parts.server, config.host, config.port);
    const { runs, store } = services;
    const location = store.kind === "pglite" ? locateStore({ store: store.uri }) : undefined;
    const { upkeepIntervalMs: intervalMs, heartbeatTimeoutMs } = config;
    parts.stops.push(startUpkeep({ store, runs, location, intervalMs, heartbeatTimeoutMs, report }));
    return { url, config, close: closing(parts, services, config.shutdownGraceMs) };
  } catch (error) {
    if (parts) await closeServer(parts, 0);
    await services.close();
    throw toDeepwrightError(error);
  }
}

function closing(parts: Parts, services: { close(): Promise<void> }, graceMs: number): () => Promise<void> {
  let closed: Promise<void> | undefined;
  return () => {
    parts.stopping = true;
    closed ??= closeServer(parts, graceMs).finally(() => services.close());
    return closed;
  };
}
