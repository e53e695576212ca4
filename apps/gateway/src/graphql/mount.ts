import type { ApolloServer } from "@apollo/server";
import { fastifyApolloHandler } from "@as-integrations/fastify";
import type { FastifyInstance } from "fastify";
import { readJson, refuseNulEscapes } from "../server/read-json.js";
import type { GatewayContext } from "./apollo.js";

export interface GraphqlMount {
  readonly apollo: ApolloServer<GatewayContext>;
  readonly createContext: () => GatewayContext;
  readonly maxBytes: number;
}

/** `/graphql` for queries and changes, in a scope whose body parser refuses NUL bytes. */
export async function mountGraphql(
  server: FastifyInstance,
  { apollo, createContext, maxBytes }: GraphqlMount,
  more: (scope: FastifyInstance) => void,
): Promise<void> {
  await server.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(
      "application/json",
      { parseAs: "string", bodyLimit: maxBytes },
      (_request, body: string, done) => {
        try {
          refuseNulEscapes(body);
          done(null, readJson(body));
        } catch (error) {
          done(error as Error, undefined);
        }
      },
    );
    scope.route({
      method: ["GET", "POST"],
      url: "/graphql",
      bodyLimit: maxBytes,
      onRequest(request, _reply, done) {
        try {
          if (request.method === "GET") refuseNulEscapes(decodeURIComponent(request.url));
          done();
        } catch (error) {
          done(error as Error);
        }
      },
      handler: fastifyApolloHandler(apollo, { context: async () => createContext() }),
    });
    more(scope);
  });
}
