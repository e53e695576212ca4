import { ApolloServer, type ApolloServerPlugin } from "@apollo/server";
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from "@apollo/server/plugin/disabled";
import { type DocumentNode, type GraphQLSchema, printSchema, type ValidationRule } from "graphql";
import type { GatewayConfig } from "../config/config.js";
import { boundedStore, type DocumentStore } from "./document-store.js";
import { formatGraphqlError, type ReportDefect } from "./errors.js";
import type { Executor } from "./executor.js";

export type GatewayContext = Record<string, unknown>;

export interface ApolloOptions {
  readonly schema: GraphQLSchema;
  readonly config: GatewayConfig;
  readonly executor: Executor;
  /** Told of the text of every operation that was admitted, before it runs. */
  readonly onAdmitted: (query: string, document: DocumentNode) => void;
  readonly documents: DocumentStore;
  readonly rules: readonly ValidationRule[];
  readonly report: ReportDefect;
}

const quiet = (): void => {};

/**
 * Apollo Server with our executor behind its `gateway` option: Apollo reads requests, caches parsed queries and persisted
 * queries, and prevents cross-site requests; plugins that cost time and send data away are off.
 */
export async function startApollo(options: ApolloOptions): Promise<ApolloServer<GatewayContext>> {
  const { schema, config, executor, onAdmitted, documents, rules, report } = options;
  const plugins: ApolloServerPlugin<GatewayContext>[] = [
    ApolloServerPluginCacheControlDisabled(),
    ApolloServerPluginLandingPageDisabled(),
    ApolloServerPluginSchemaReportingDisabled(),
    ApolloServerPluginUsageReportingDisabled(),
  ];
  const server = new ApolloServer<GatewayContext>({
    gateway: {
      onSchemaLoadOrUpdate(callback) {
        callback({ apiSchema: schema, coreSupergraphSdl: printSchema(schema) });
        return quiet;
      },
      async load() {
        return {
          executor: ({ document, source, request, context }) => {
            onAdmitted(source, document);
            return executor({
              document,
              operationName: request.operationName ?? undefined,
              variables: request.variables ?? {},
              contextValue: context,
            });
          },
        };
      },
      async stop() {},
    },
    plugins,
    documentStore: documents,
    persistedQueries: { cache: boundedStore<string>(config.queryCacheSize) },
    validationRules: [...rules],
    parseOptions: { maxTokens: config.limits.tokens },
    introspection: !config.production,
    hideSchemaDetailsFromClientErrors: config.production,
    includeStacktraceInErrorResponses: false,
    allowBatchedHttpRequests: false,
    csrfPrevention: true,
    stopOnTerminationSignals: false,
    nodeEnv: config.production ? "production" : "development",
    logger: { debug: quiet, info: quiet, warn: quiet, error: (message) => report(message) },
    formatError: (formatted, error) => formatGraphqlError(formatted, error, report),
  });
  await server.start();
  return server;
}
