import { DeepwrightError, type GraphqlSlice } from "@deepwright/core";
import { fromGlobalId } from "./global-id.js";
import { scalarResolvers } from "./scalars.js";
import { baseTypeDefs } from "./type-defs.js";

/** What a slice's `createContext` offers so that `Query.node` finds its entities. */
export interface NodeSource {
  /** Names of the GraphQL types that {@link loadNode} knows. */
  readonly nodeTypes: readonly string[];
  /** The entity with `__typename` set; `null` when there is none. */
  loadNode(type: string, id: string): Promise<object | null>;
}

/** The context of a request: what each slice's `createContext` made, under the slice's name. */
export type SliceContexts = Readonly<Record<string, unknown>>;

function isNodeSource(value: unknown): value is NodeSource {
  return typeof value === "object" && value !== null && "nodeTypes" in value && "loadNode" in value;
}

async function loadNode(globalId: string, context: SliceContexts): Promise<object | null> {
  const { type, id } = fromGlobalId(globalId);
  for (const source of Object.values(context)) {
    if (isNodeSource(source) && source.nodeTypes.includes(type)) return source.loadNode(type, id);
  }
  return null;
}

/**
 * Scalars, `Node`, `PageInfo` and `UserError`: mounted once, before the slices that refer to them.
 *
 * @example
 * ```ts
 * console.log(baseSlice().name); // base
 * ```
 */
export function baseSlice(): GraphqlSlice<SliceContexts> {
  return {
    name: "base",
    typeDefs: baseTypeDefs,
    resolvers: {
      ...scalarResolvers,
      Node: { __resolveType: (value: { readonly __typename: string }) => value.__typename },
      Query: {
        node: (_: never, { id }: { readonly id: string }, context: SliceContexts) => loadNode(id, context),
        nodes(_: never, { ids }: { readonly ids: readonly string[] }, context: SliceContexts) {
          if (ids.length > 100) {
            throw new DeepwrightError({
              code: "TOO_MANY_IDS",
              expected: "at most 100 ids",
              got: `${ids.length}`,
              todo: "Ask in several requests.",
            });
          }
          return ids.map((id) => loadNode(id, context));
        },
      },
    },
  };
}
