import {
  type DocumentNode,
  GraphQLScalarType,
  type GraphQLSchema,
  getOperationAST,
  Kind,
  type TypeNode,
  type VariableDefinitionNode,
} from "graphql";
import { type CompiledQuery, compileQuery, isCompiledQuery } from "graphql-jit";

/** Stands for the type of a variable whose value graphql-js has read already. */
const readAlready = new GraphQLScalarType({ name: "ReadAlready", serialize: same, parseValue: same });

function same(value: unknown): unknown {
  return value;
}

function namedType(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : namedType(type.type);
}

/** The compiler insists on Boolean for the variables of `@skip` and `@include`, so those keep their type. */
function withoutType(definition: VariableDefinitionNode): VariableDefinitionNode {
  if (namedType(definition.type) === "Boolean") return definition;
  const { defaultValue: _, ...rest } = definition;
  return { ...rest, type: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: readAlready.name } } };
}

/**
 * Compiles a query with graphql-jit; `null` where it can't. The compiled query takes variables as `getVariableValues` of
 * graphql-js gives them: the compiler's own reader writes out the input types of variables, without end (seconds of work,
 * then a full stack) for types that contain themselves, as filters do.
 */
export function compile(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | undefined,
): CompiledQuery | null {
  const operation = getOperationAST(document, operationName);
  if (!operation) return null;
  const rewritten: DocumentNode = {
    ...document,
    definitions: document.definitions.map((node) =>
      node === operation
        ? { ...operation, variableDefinitions: (operation.variableDefinitions ?? []).map(withoutType) }
        : node,
    ),
  };
  // The schema itself stays without the type that only the compiler sees.
  const seen: GraphQLSchema = Object.create(schema, {
    getType: { value: (name: string) => (name === readAlready.name ? readAlready : schema.getType(name)) },
  });
  try {
    const compiled = compileQuery(seen, rewritten, operationName);
    return isCompiledQuery(compiled) ? compiled : null;
  } catch {
    // What the compiler does not know, graphql-js executes.
    return null;
  }
}
