import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { FastifyInstance } from "fastify";
import type { ExecutionArgs, FormattedExecutionResult, GraphQLSchema } from "graphql";
import { CloseCode } from "graphql-ws";
import { useServer } from "graphql-ws/use/ws";
import { WebSocketServer } from "ws";
import type { Doorkeeper } from "../server/doorkeeper.js";
import type { LiveRunner } from "./subscribe.js";

/** Connections at once; each holds memory also when it is silent. */
const maxConnections = 1_000;
/** Operations at once on one connection. */
const maxOperations = 100;

export interface WebSocketOptions {
  readonly schema: GraphQLSchema;
  readonly runner: LiveRunner;
  readonly doorkeeper: Doorkeeper;
  readonly maxMessageBytes: number;
}

/** GraphQL over WebSockets by the protocol graphql-transport-ws, on `/graphql`. Gives the function that ends it. */
export function mountWebSocket(server: FastifyInstance, options: WebSocketOptions): () => Promise<void> {
  const { schema, runner, doorkeeper, maxMessageBytes } = options;
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: maxMessageBytes,
    handleProtocols: (protocols) => (protocols.has("graphql-transport-ws") ? "graphql-transport-ws" : false),
  });
  // The runner limits, runs and formats; the library carries the messages.
  const run = async ({ document, operationName, variableValues }: ExecutionArgs) =>
    (await runner.run(document, {
      operationName: operationName ?? undefined,
      variables: variableValues ?? {},
    })) as never;
  const disposable = useServer(
    {
      onConnect: ({ connectionParams, extra }) => {
        const header = connectionParams?.authorization ?? extra.request.headers.authorization;
        return doorkeeper.admits(typeof header === "string" ? header : undefined);
      },
      onSubscribe: ({ subscriptions, extra }, _, { query, operationName, variables }) => {
        if (Object.keys(subscriptions).length > maxOperations)
          extra.socket.close(CloseCode.BadRequest, "Too many operations");
        const document = runner.read(query);
        if (!("kind" in document)) return document;
        return { schema, document, operationName: operationName ?? null, variableValues: variables ?? {} };
      },
      execute: run,
      subscribe: run,
      // The runner gave them formatted already; the library would call a method that they no longer have.
      onNext: (_context, _id, _payload, _args, result) => result as FormattedExecutionResult,
    },
    sockets,
  );
  server.server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const path = (request.url ?? "/").split("?", 1)[0];
    const full = sockets.clients.size >= maxConnections ? "503 Service Unavailable" : undefined;
    const refusal = path === "/graphql" ? (doorkeeper.refusesUpgrade(request.headers) ?? full) : "404 Not Found";
    if (refusal !== undefined) {
      socket.end(`HTTP/1.1 ${refusal}\r\nconnection: close\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (client) => sockets.emit("connection", client, request));
  });
  return async () => {
    for (const client of sockets.clients) client.close(1001, "The gateway stops");
    await disposable.dispose();
  };
}
