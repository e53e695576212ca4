import type { ApolloServer } from "@apollo/server";
import { fastifyApolloHandler } from "@as-integrations/fastify";
import type { FastifyInstance } from "fastify";
import { readJson, refuseNulEscapes } from "../server/read-json.js";
import type { GatewayContext } from "./apollo.js";
import type { ReturningQueries } from "./returning-queries.js";

export interface GraphqlMount {
  readonly apollo: ApolloServer<GatewayContext>;
  readonly createContext: () => GatewayContext;
  readonly returning: ReturningQueries;
  readonly maxBytes: number;
}

const jsonType = "application/json; charset=utf-8";

/** `/graphql` for queries and changes, in a scope whose body parser refuses NUL bytes. */
export async function mountGraphql(
  server: FastifyInstance,
  { apollo, createContext, returning, maxBytes }: GraphqlMount,
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
    const askApollo = fastifyApolloHandler(apollo, { context: async () => createContext() });
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
      async handler(request, reply) {
        const known =
          request.method === "POST" ? await returning.answer(request.body, request.headers.accept) : undefined;
        return known === undefined ? askApollo.call(scope, request, reply) : reply.type(jsonType).send(known);
      },
    });
    more(scope);
  });
}
