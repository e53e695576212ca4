import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  type VariableDefinitionNode,
} from "graphql";
import type { CompiledQuery } from "graphql-jit";
import type { GatewayLimits } from "../config/config.js";
import { compile } from "./compile.js";
import { planCost } from "./limits/cost.js";

export type Variables = Readonly<Record<string, unknown>>;

/** What is known of one operation of a document. */
export interface Prepared {
  readonly cost: (variables: Variables) => number;
  readonly variableDefinitions: readonly VariableDefinitionNode[];
  readonly compilable: boolean;
  uses: number;
  compiled: CompiledQuery | null;
}

/** Compiling costs as much as many executions, so a query is compiled when it comes back. */
const usesBeforeCompiling = 2;

/** Remembers of each document what its execution needs, as long as the document itself is kept. */
export class OperationBook {
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
      variableDefinitions: operation?.variableDefinitions ?? [],
      // Changes run rarely and in order: graphql-js is right for them.
      compilable: operation?.operation === "query",
      uses: 0,
      compiled: null,
    };
    operations.set(key, prepared);
    return prepared;
  }

  /** As `prepare`, for an operation that is about to run: compiles one that came back. */
  use(document: DocumentNode, operationName: string | undefined): Prepared {
    const prepared = this.prepare(document, operationName);
    prepared.uses += 1;
    if (prepared.compilable && prepared.uses === usesBeforeCompiling) {
      prepared.compiled = compile(this.schema, document, operationName);
    }
    return prepared;
  }

  /** The error that refuses an operation which would read too much; `null` when it may run. */
  refusal(prepared: Prepared, variables: Variables): GraphQLError | null {
    const cost = prepared.cost(variables);
    if (cost <= this.limits.cost) return null;
    return new GraphQLError(
      `Expected a query that costs at most ${this.limits.cost}, got about ${Math.round(cost)}. Ask for smaller pages.`,
      { extensions: { code: "QUERY_TOO_COSTLY", http: { status: 400 } } },
    );
  }
}
