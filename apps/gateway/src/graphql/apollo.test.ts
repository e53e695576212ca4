import { ApolloServer } from "@apollo/server";
import type { DocumentNode } from "graphql";
import { expect, it } from "vitest";
import { parseConfig } from "../config/config.js";
import { composeSchema } from "../schema/compose.js";
import { startApollo } from "./apollo.js";
import { boundedStore } from "./document-store.js";
import { createExecutor } from "./executor.js";
import { OperationBook } from "./operation-book.js";

const schema = composeSchema([], "1.0.0");
const query = "{ gatewayVersion }";

/** Apollo's plugin for cache control marks every answer, and costs half of the time of a list. */
const marks = async (server: ApolloServer): Promise<boolean> =>
  (await server.executeOperation({ query })).http.headers.has("cache-control");

it("leaves cache control to the gateway's own header", async () => {
  const config = parseConfig({});
  const server = await startApollo({
    schema,
    config,
    executor: createExecutor(schema, new OperationBook(schema, config.limits)),
    onAdmitted: () => undefined,
    documents: boundedStore<DocumentNode>(10),
    rules: [],
    report: (error) => {
      throw error;
    },
  });
  const usual = new ApolloServer({ schema });
  try {
    expect(await marks(server)).toBe(false);
    expect(await marks(usual)).toBe(true);
  } finally {
    await server.stop();
    await usual.stop();
  }
});
