import type { DocumentNode, GraphQLError, GraphQLFormattedError, GraphQLSchema } from "graphql";
import type { GatewayContext } from "./apollo.js";
import { BoundedCache } from "./document-store.js";
import { executeCompiled } from "./executor.js";
import type { OperationBook, Variables } from "./operation-book.js";

export interface ReturningQueriesOptions {
  readonly schema: GraphQLSchema;
  readonly book: OperationBook;
  readonly createContext: () => GatewayContext;
  readonly format: (errors: readonly GraphQLError[]) => GraphQLFormattedError[];
  /** Queries kept. */
  readonly size: number;
}

/** What a request says of the form of its answer; only the plain one is given here. */
const plainAccept: ReadonlySet<string | undefined> = new Set([undefined, "*/*", "application/json"]);
/** Longer texts are rare, and keeping a thousand of them would be many megabytes. */
const maxQueryLength = 10_000;
const parts: ReadonlySet<string> = new Set(["query", "variables", "operationName"]);

interface PlainRequest {
  readonly query: string;
  readonly variables: Variables;
  readonly operationName: string | undefined;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The request, when it asks for nothing that only Apollo knows (persisted queries, batches, extensions). */
function readPlain(body: unknown): PlainRequest | undefined {
  if (!isObject(body)) return undefined;
  const { query, variables, operationName } = body;
  if (typeof query !== "string" || (variables !== undefined && variables !== null && !isObject(variables)))
    return undefined;
  if (operationName !== undefined && operationName !== null && typeof operationName !== "string") return undefined;
  for (const key in body) if (!parts.has(key)) return undefined;
  return { query, variables: variables ?? {}, operationName: operationName ?? undefined };
}

/**
 * The short way of queries that came before: Apollo read, validated and admitted their text, and the book holds them
 * compiled, so nothing of that is done again. Apollo's own work on a request costs more than executing a list of 100
 * objects. Everything else goes to Apollo: first uses, changes, persisted queries, refusals.
 */
export class ReturningQueries {
  readonly #documents: BoundedCache<DocumentNode>;

  constructor(private readonly options: ReturningQueriesOptions) {
    this.#documents = new BoundedCache(options.size);
  }

  /** Called for each text that Apollo admitted. */
  remember(query: string, document: DocumentNode): void {
    if (query.length <= maxQueryLength && this.#documents.get(query) !== document) this.#documents.set(query, document);
  }

  /** The response's text; `undefined` sends the request to Apollo. */
  async answer(body: unknown, accept: string | undefined): Promise<string | undefined> {
    if (!plainAccept.has(accept)) return undefined;
    const request = readPlain(body);
    const document = request && this.#documents.get(request.query);
    if (!document) return undefined;
    const { schema, book, createContext, format } = this.options;
    const prepared = book.prepare(document, request.operationName);
    if (!prepared.compiled || book.refusal(prepared, request.variables)) return undefined;
    const result = await executeCompiled(schema, prepared, request.variables, createContext());
    if (!result || result.data === undefined) return undefined;
    const { data, errors } = result;
    return JSON.stringify(errors ? { errors: format(errors), data } : { data });
  }
}
