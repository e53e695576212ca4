import {
  type DocumentNode,
  type ExecutionResult,
  execute,
  GraphQLError,
  type GraphQLSchema,
  getVariableValues,
} from "graphql";
import type { CompiledQuery } from "graphql-jit";
import type { OperationBook, Prepared, Variables } from "./operation-book.js";

export interface ExecutionRequest {
  readonly document: DocumentNode;
  readonly operationName: string | undefined;
  readonly variables: Variables;
  readonly contextValue: unknown;
}

export type Executor = (request: ExecutionRequest) => Promise<ExecutionResult>;

/** What graphql-js allows, so that a refusal reads the same whoever executes. */
const maxVariableErrors = { maxErrors: 50 };

/** `undefined` when the compiled code itself fails, on a property that throws for one; a query can be run again. */
async function runCompiled(
  compiled: CompiledQuery,
  contextValue: unknown,
  variables: Variables,
): Promise<ExecutionResult | undefined> {
  try {
    return (await compiled.query(undefined, contextValue, variables)) as ExecutionResult;
  } catch {
    return undefined;
  }
}

/** The compiler's errors lack parts that every reader of a GraphQLError relies on. */
function withRealErrors(result: ExecutionResult): ExecutionResult {
  const errors = result.errors?.map((error) => {
    const { message, path, locations, originalError } = error;
    const real = new GraphQLError(message, { path, originalError });
    Object.defineProperty(real, "locations", { value: locations, enumerable: true });
    return real;
  });
  return { ...result, ...(errors ? { errors } : {}) };
}

/**
 * Runs a compiled operation. `undefined` when graphql-js must: it is not compiled, or its code failed.
 *
 * @returns a result without `data` when the variables are wrong
 */
export async function executeCompiled(
  schema: GraphQLSchema,
  prepared: Prepared,
  variables: Variables,
  contextValue: unknown,
): Promise<ExecutionResult | undefined> {
  if (!prepared.compiled) return undefined;
  const read = getVariableValues(schema, prepared.variableDefinitions, variables, maxVariableErrors);
  if (read.errors) return { errors: read.errors };
  const result = await runCompiled(prepared.compiled, contextValue, read.coerced);
  if (result?.data === undefined) return undefined;
  return result.errors ? withRealErrors(result) : result;
}

/** Runs operations: compiled by graphql-jit when they come back, by graphql-js at first and where compiling fails. */
export function createExecutor(schema: GraphQLSchema, book: OperationBook): Executor {
  return async ({ document, operationName, variables, contextValue }) => {
    const prepared = book.use(document, operationName);
    const refusal = book.refusal(prepared, variables);
    if (refusal) return { errors: [refusal] };
    const result = await executeCompiled(schema, prepared, variables, contextValue);
    if (result) return result;
    return execute({
      schema,
      document,
      contextValue,
      variableValues: variables,
      ...(operationName === undefined ? {} : { operationName }),
    });
  };
}
