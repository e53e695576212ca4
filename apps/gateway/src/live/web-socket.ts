import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { FastifyInstance } from "fastify";
import { CloseCode, type Context, type ServerOptions } from "graphql-ws";
import { useServer } from "graphql-ws/use/ws";
import { WebSocketServer } from "ws";
import type { Doorkeeper } from "../server/doorkeeper.js";
import type { LiveRunner } from "./subscribe.js";

/** Connections at once; each holds memory also when it is silent. */
const maxConnections = 1_000;
/** Operations at once on one connection. */
const maxOperations = 100;

type Extra = { readonly request: IncomingMessage };

/** GraphQL over WebSockets by the protocol graphql-transport-ws, on `/graphql`. Gives the function that ends it. */
export function mountWebSocket(
  server: FastifyInstance,
  runner: LiveRunner,
  doorkeeper: Doorkeeper,
  maxMessageBytes: number,
): () => Promise<void> {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: maxMessageBytes,
    handleProtocols: (protocols) => (protocols.has("graphql-transport-ws") ? "graphql-transport-ws" : false),
  });
  const options: ServerOptions<Record<string, unknown>, Extra> = {
    onConnect: ({ connectionParams, extra }) => {
      const header = connectionParams?.authorization ?? extra.request.headers.authorization;
      return doorkeeper.admits(typeof header === "string" ? header : undefined);
    },
    onSubscribe: async (context: Context<Record<string, unknown>, Extra>, id, payload) => {
      if (Object.keys(context.subscriptions).length > maxOperations) {
        context.extra.request.socket.destroy();
        throw new Error(`more than ${maxOperations} operations on one connection (${id})`);
      }
      // Our own runner parses, validates and runs; the library carries the messages.
      return { schema: emptySchema, document: emptyDocument, contextValue: payload, operationName: null };
    },
    execute: async ({ contextValue }) => runner.run(requestOf(contextValue)) as never,
    subscribe: async ({ contextValue }) => runner.run(requestOf(contextValue)) as never,
  };
  const disposable = useServer(options as ServerOptions, sockets);
  server.server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const path = new URL(request.url ?? "/", "http://localhost").pathname;
    const refusal = path === "/graphql" ? doorkeeper.refusesUpgrade(request.headers) : "404 Not Found";
    const full = sockets.clients.size >= maxConnections ? "503 Service Unavailable" : undefined;
    if (refusal ?? full) {
      socket.end(`HTTP/1.1 ${refusal ?? full}\r\nconnection: close\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (client) => sockets.emit("connection", client, request));
  });
  return async () => {
    for (const client of sockets.clients) client.close(CloseCode.InternalServerError, "the gateway stops");
    await disposable.dispose();
  };
}
