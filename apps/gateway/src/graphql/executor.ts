import {
  type DocumentNode,
  type ExecutionResult,
  execute,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
} from "graphql";
import { type CompiledQuery, compileQuery, isCompiledQuery } from "graphql-jit";
import type { GatewayLimits } from "../config/config.js";
import { planCost } from "./limits/cost.js";

export interface ExecutionRequest {
  readonly document: DocumentNode;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly contextValue: unknown;
}

export type Executor = (request: ExecutionRequest) => Promise<ExecutionResult>;

type Cost = (variables: Readonly<Record<string, unknown>>) => number;

/** What is known of one operation of a document. */
interface Prepared {
  readonly cost: Cost;
  readonly compilable: boolean;
  uses: number;
  compiled: CompiledQuery | null;
}

/** Compiling costs as much as many executions, so a query is compiled when it comes back. */
const usesBeforeCompiling = 2;

export class OperationBook {
  // Documents are kept by the document store; what is known of them goes when they go.
  readonly #prepared = new WeakMap<DocumentNode, Map<string, Prepared>>();

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly limits: GatewayLimits,
  ) {}

  prepare(document: DocumentNode, operationName: string | undefined): Prepared {
    let operations = this.#prepared.get(document);
    if (!operations) {
      operations = new Map();
      this.#prepared.set(document, operations);
    }
    const key = operationName ?? "";
    const known = operations.get(key);
    if (known) return known;
    const operation = getOperationAST(document, operationName);
    const prepared: Prepared = {
      cost: planCost(this.schema, document, operationName),
      // Changes run rarely and in order: graphql-js is right for them.
      compilable: operation?.operation === "query",
      uses: 0,
      compiled: null,
    };
    operations.set(key, prepared);
    return prepared;
  }

  /** The error that refuses an operation which would read too much; `null` when it may run. */
  refusal(prepared: Prepared, variables: Readonly<Record<string, unknown>>): GraphQLError | null {
    const cost = prepared.cost(variables);
    if (cost <= this.limits.cost) return null;
    return new GraphQLError(
      `Expected a query that costs at most ${this.limits.cost}, got about ${Math.round(cost)}. Ask for smaller pages.`,
      { extensions: { code: "QUERY_TOO_COSTLY", http: { status: 400 } } },
    );
  }
}

function compile(schema: GraphQLSchema, document: DocumentNode, operationName: string | undefined) {
  try {
    const compiled = compileQuery(schema, document, operationName);
    return isCompiledQuery(compiled) ? compiled : null;
  } catch {
    // What the compiler does not know, graphql-js executes.
    return null;
  }
}

/** `undefined` when the compiled code itself fails, on a property that throws for one; a query can be run again. */
async function runCompiled(
  compiled: CompiledQuery,
  contextValue: unknown,
  variables: Readonly<Record<string, unknown>>,
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

/** Runs operations: compiled by graphql-jit when they come back, by graphql-js at first and where compiling fails. */
export function createExecutor(schema: GraphQLSchema, book: OperationBook): Executor {
  return async ({ document, operationName, variables, contextValue }) => {
    const prepared = book.prepare(document, operationName);
    const refusal = book.refusal(prepared, variables);
    if (refusal) return { errors: [refusal] };
    if (prepared.compilable) {
      prepared.uses += 1;
      if (prepared.uses === usesBeforeCompiling) prepared.compiled = compile(schema, document, operationName);
      if (prepared.compiled) {
        const result = await runCompiled(prepared.compiled, contextValue, variables);
        // Without data nothing was executed: graphql-js says what is wrong with the variables in its own words.
        if (result?.data !== undefined) return result.errors ? withRealErrors(result) : result;
      }
    }
    return execute({
      schema,
      document,
      contextValue,
      variableValues: variables,
      ...(operationName === undefined ? {} : { operationName }),
    });
  };
}
