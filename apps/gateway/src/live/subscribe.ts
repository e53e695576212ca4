import {
  createSourceEventStream,
  type DocumentNode,
  type ExecutionResult,
  execute,
  GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
  getOperationAST,
} from "graphql";
import type { Executor } from "../graphql/executor.js";
import type { OperationBook } from "../graphql/operation-book.js";
import type { OperationReader } from "../graphql/operations.js";

export interface LiveRequest {
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** A result as clients see it. */
export interface LiveResult {
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly GraphQLFormattedError[];
}

export interface LiveRunner {
  /** The parsed and validated operation, or why it is refused. */
  read(query: string): DocumentNode | readonly GraphQLError[];
  /** One result of a query or change, or results as they come of a subscription. */
  run(document: DocumentNode, request: LiveRequest): Promise<LiveResult | AsyncIterableIterator<LiveResult>>;
  /** Reads and runs. */
  readAndRun(request: LiveRequest & { readonly query: string }): ReturnType<LiveRunner["run"]>;
}

export interface LiveOptions {
  readonly schema: GraphQLSchema;
  readonly reader: OperationReader;
  readonly book: OperationBook;
  readonly executor: Executor;
  readonly createContext: () => Record<string, unknown>;
}

/** Runs operations of connections that stay open. Each event of a subscription gets a context of its own. */
export function createLiveRunner({ schema, reader, book, executor, createContext }: LiveOptions): LiveRunner {
  const show = ({ data, errors }: ExecutionResult): LiveResult => ({
    ...(data === undefined ? {} : { data }),
    ...(errors ? { errors: reader.format(errors) } : {}),
  });
  const refuse = (errors: readonly GraphQLError[]): LiveResult => ({ errors: reader.format(errors) });

  async function follow(document: DocumentNode, { operationName, variables }: LiveRequest) {
    const refusal = book.refusal(book.prepare(document, operationName), variables);
    if (refusal) return refuse([refusal]);
    const operation = { schema, document, variableValues: variables, operationName: operationName ?? null };
    const source = await createSourceEventStream({ ...operation, contextValue: createContext() });
    if (!(Symbol.asyncIterator in source)) return show(source);
    return mapEvents(
      source,
      async (event) =>
        // Loaders remember what they read, so an event must not see those of the one before.
        show(await execute({ ...operation, rootValue: event, contextValue: createContext() })),
      (error) => {
        const originalError = error instanceof Error ? error : new Error(String(error));
        return refuse([new GraphQLError(originalError.message, { originalError })]);
      },
    );
  }

  const run: LiveRunner["run"] = async (document, request) => {
    const { operationName, variables } = request;
    const operation = getOperationAST(document, operationName);
    if (operation?.operation === "subscription") return follow(document, request);
    return show(await executor({ document, operationName, variables, contextValue: createContext() }));
  };
  return {
    read: (query) => reader.read(query),
    run,
    async readAndRun(request) {
      const document = reader.read(request.query);
      return "kind" in document ? run(document, request) : refuse(document);
    },
  };
}

/**
 * Shows each event of a source. A failure of the source becomes a last result with its typed error, since the transports
 * would send its bare message.
 */
function mapEvents<Item, Result>(
  source: AsyncIterable<Item>,
  convert: (item: Item) => Promise<Result>,
  convertFailure: (error: unknown) => Result,
): AsyncIterableIterator<Result> {
  const iterator = source[Symbol.asyncIterator]();
  let failed = false;
  return {
    async next() {
      if (failed) return { done: true, value: undefined };
      try {
        const step = await iterator.next();
        return step.done ? { done: true, value: undefined } : { done: false, value: await convert(step.value) };
      } catch (error) {
        failed = true;
        return { done: false, value: convertFailure(error) };
      }
    },
    // Ends the source at once, also while it waits for the next event.
    async return() {
      await iterator.return?.();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
