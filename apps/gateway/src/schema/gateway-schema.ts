import type { GraphqlSlice } from "@deepwright/core";
import { baseSlice, lineageSlice, type SliceOptions, type SliceServices } from "@deepwright/lineage/graphql";
import type { GraphQLSchema } from "graphql";
import { gatewayVersion } from "../version.js";
import { composeSchema, createContext } from "./compose.js";

export interface GatewaySchema {
  readonly schema: GraphQLSchema;
  /** Makes what one request needs. */
  readonly createContext: () => Record<string, unknown>;
}

/** The gateway's schema: the slices of all packages. */
export function gatewaySchema(services: SliceServices, options: SliceOptions = {}): GatewaySchema {
  const slices = [baseSlice(), lineageSlice(services, options)] as readonly GraphqlSlice<never>[];
  return { schema: composeSchema(slices, gatewayVersion), createContext: () => createContext(slices) };
}
