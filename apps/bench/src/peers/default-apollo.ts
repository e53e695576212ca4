// A process: Apollo Server on Fastify with its defaults, answering one list from memory.
// node default-apollo.js PORT FILE, where FILE holds the answer to `query` of our gateway.
import { readFileSync } from "node:fs";
import { ApolloServer } from "@apollo/server";
import fastifyApollo from "@as-integrations/fastify";
import Fastify from "fastify";

const [port = "0", file = ""] = process.argv.slice(2);
const { data } = JSON.parse(readFileSync(file, "utf8")) as { data: { runs: unknown } };

const typeDefs = `
  scalar DateTime
  enum RunStatus { RUNNING FINISHED FAILED CANCELLED LOST }
  type Query { runs(project: String, filter: RunFilter, first: Int): RunConnection! }
  input RunFilter { startedAfter: DateTime }
  type RunConnection { nodes: [Run!]! pageInfo: PageInfo! }
  type PageInfo { hasNextPage: Boolean! endCursor: String }
  type Run {
    id: ID! uuid: String! name: String! projectName: String! status: RunStatus! command: [String!]!
    startedAt: DateTime! endedAt: DateTime exitCode: Int signal: String
  }`;

const apollo = new ApolloServer({ typeDefs, resolvers: { Query: { runs: () => data.runs } } });
await apollo.start();
const fastify = Fastify();
await fastify.register(fastifyApollo(apollo));
fastify.get("/ready", () => ({ ready: true }));
await fastify.listen({ host: "127.0.0.1", port: Number(port) });
