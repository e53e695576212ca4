import { createHash } from "node:crypto";
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
  NoSchemaIntrospectionCustomRule,
  parse,
  specifiedRules,
  type ValidationRule,
  validate,
} from "graphql";
import type { GatewayConfig } from "../config/config.js";
import { BoundedCache } from "./document-store.js";
import { formatGraphqlError, type ReportDefect } from "./errors.js";

/** Parses and validates operations that do not come through Apollo: those of WebSockets and event streams. */
export class OperationReader {
  readonly #documents: BoundedCache<DocumentNode>;
  readonly #rules: readonly ValidationRule[];

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly config: GatewayConfig,
    rules: readonly ValidationRule[],
    private readonly report: ReportDefect,
  ) {
    this.#documents = new BoundedCache(config.queryCacheSize);
    this.#rules = [...specifiedRules, ...rules, ...(config.production ? [NoSchemaIntrospectionCustomRule] : [])];
  }

  /** The document, or why it is refused. */
  read(query: string): DocumentNode | readonly GraphQLError[] {
    const key = createHash("sha256").update(query).digest("base64");
    const known = this.#documents.get(key);
    if (known) return known;
    let document: DocumentNode;
    try {
      document = parse(query, { maxTokens: this.config.limits.tokens });
    } catch (error) {
      return [
        error instanceof GraphQLError ? withCode(error, "GRAPHQL_PARSE_FAILED") : new GraphQLError("Syntax Error"),
      ];
    }
    const errors = validate(this.schema, document, [...this.#rules], {
      hideSuggestions: this.config.production,
    });
    if (errors.length > 0) return errors.map((error) => withCode(error, "GRAPHQL_VALIDATION_FAILED"));
    this.#documents.set(key, document);
    return document;
  }

  /** Errors as clients see them. */
  format(errors: readonly GraphQLError[]): GraphQLFormattedError[] {
    return errors.map((error) => formatGraphqlError(error.toJSON(), error, this.report));
  }
}

function withCode(error: GraphQLError, code: string): GraphQLError {
  if (error.extensions.code === undefined) error.extensions.code = code;
  return error;
}
