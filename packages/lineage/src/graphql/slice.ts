import type { GraphqlSlice } from "@deepwright/core";
import {
  createLoaders,
  type LineageContext,
  type LineageLoaders,
  type SliceContext,
  type SliceOptions,
  type SliceServices,
} from "./context.js";
import { lineageNodes } from "./nodes.js";
import { enumResolvers } from "./resolvers/enums.js";
import { graphResolvers } from "./resolvers/graph.js";
import { graphMutations } from "./resolvers/graph-mutations.js";
import { healthResolvers } from "./resolvers/health.js";
import { liveResolvers } from "./resolvers/live.js";
import { regressionResolvers } from "./resolvers/regressions.js";
import { runMutations } from "./resolvers/run-mutations.js";
import { runResolvers } from "./resolvers/runs.js";
import { diffTypeDefs } from "./type-defs/diff.js";
import { graphTypeDefs } from "./type-defs/graph.js";
import { healthTypeDefs } from "./type-defs/health.js";
import { liveTypeDefs } from "./type-defs/live.js";
import { runTypeDefs } from "./type-defs/runs.js";
import { whyTypeDefs } from "./type-defs/why.js";

type Resolvers = GraphqlSlice<SliceContext>["resolvers"];

function mergeResolvers(...parts: readonly Resolvers[]): Resolvers {
  const merged: Record<string, object> = {};
  for (const part of parts) {
    for (const [type, fields] of Object.entries(part)) merged[type] = { ...merged[type], ...(fields as object) };
  }
  return merged;
}

/** SDL of the slice, without the base types that it refers to. */
export const lineageTypeDefs: string = [
  runTypeDefs,
  diffTypeDefs,
  whyTypeDefs,
  graphTypeDefs,
  healthTypeDefs,
  liveTypeDefs,
].join("\n");

/**
 * Lineage's part of the GraphQL schema: runs, diff, why, graph, readiness, configuration debt and live runs. Mount it
 * after `baseSlice()`.
 *
 * @param services an opened lineage on a database
 * @param options where source text may come from
 * @example
 * ```ts
 * console.log(lineageTypeDefs.includes("explainRegression")); // true
 * ```
 */
export function lineageSlice(services: SliceServices, options: SliceOptions = {}): GraphqlSlice<SliceContext> {
  return {
    name: "lineage",
    typeDefs: lineageTypeDefs,
    resolvers: mergeResolvers(
      enumResolvers,
      runResolvers,
      runMutations,
      regressionResolvers,
      graphResolvers,
      graphMutations,
      healthResolvers,
      liveResolvers,
    ),
    createContext() {
      // Most requests read lists, which need no loaders: they are made when one is asked for.
      let loaders: LineageLoaders | undefined;
      const context: LineageContext = {
        ...services,
        ...options,
        get loaders() {
          loaders ??= createLoaders(services);
          return loaders;
        },
      };
      return Object.assign(context, lineageNodes(context));
    },
  };
}
