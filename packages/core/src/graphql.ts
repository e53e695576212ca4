/** A resolver as graphql-js calls it; typed loosely here so that core needs no GraphQL library. */
export type SliceResolver<Context> = (source: never, parameters: never, context: Context, info: never) => unknown;

/**
 * One package's part of the GraphQL schema: SDL text that extends `Query`, `Mutation` and `Subscription`, and the
 * resolvers for it. A slice can be mounted alone, beside others in the gateway, or as a federation subgraph.
 */
export interface GraphqlSlice<Context = unknown> {
  /** The package's short name, `lineage`. */
  readonly name: string;
  /** Schema definition language; every field has a description with its unit. */
  readonly typeDefs: string;
  readonly resolvers: Readonly<
    Record<
      string,
      Readonly<Record<string, SliceResolver<Context> | { readonly subscribe: SliceResolver<Context> }>> | unknown
    >
  >;
  /** Makes what one request needs (dataloaders); merged into the context under the slice's name. */
  createContext?(): unknown;
}
