import { DeepwrightError, type GraphqlSlice } from "@deepwright/core";
import {
  buildASTSchema,
  extendSchema,
  GraphQLEnumType,
  type GraphQLFieldResolver,
  GraphQLInterfaceType,
  GraphQLObjectType,
  GraphQLScalarType,
  type GraphQLSchema,
  type GraphQLTypeResolver,
  GraphQLUnionType,
  isSpecifiedScalarType,
  parse,
  validateSchema,
} from "graphql";

const queryTypeDefs = `
"""Where every read begins."""
type Query {
  """Version of the gateway, such as 1.2.3."""
  gatewayVersion: String!
}
`;

/** Root types that exist only when a slice extends them: GraphQL allows no type without fields. */
const otherRoots: Readonly<Record<string, string>> = {
  Mutation: "Where every change begins.",
  Subscription: "What is pushed as it happens, over graphql-ws or server-sent events.",
};

function rootTypeDefs(slices: readonly AnySlice[]): string {
  const extended = Object.entries(otherRoots).filter(([name]) =>
    slices.some((slice) => new RegExp(`extend type ${name}\\b`).test(slice.typeDefs)),
  );
  return queryTypeDefs + extended.map(([name, description]) => `"""${description}"""\ntype ${name}\n`).join("");
}

type AnySlice = GraphqlSlice<never> | GraphqlSlice;

/**
 * One executable schema of the slices. A slice extends `Query`, `Mutation` and `Subscription` and may refer to the types
 * of slices before it.
 *
 * @throws DeepwrightError `INVALID_SCHEMA` when the slices do not fit together
 */
export function composeSchema(slices: readonly AnySlice[], version: string): GraphQLSchema {
  let schema = buildASTSchema(parse(rootTypeDefs(slices), { noLocation: true }), { assumeValidSDL: true });
  for (const slice of slices) schema = extendSchema(schema, parse(slice.typeDefs, { noLocation: true }));
  const problems = validateSchema(schema);
  if (problems.length > 0) throw invalidSchema("a valid schema", problems.map((problem) => problem.message).join("; "));
  for (const slice of slices) {
    for (const [name, resolvers] of Object.entries(slice.resolvers)) attach(schema, slice.name, name, resolvers);
  }
  attach(schema, "gateway", "Query", { gatewayVersion: () => version });
  return schema;
}

/** The contexts of all slices for one request, each under its slice's name. */
export function createContext(slices: readonly AnySlice[]): Record<string, unknown> {
  const context: Record<string, unknown> = {};
  for (const slice of slices) if (slice.createContext) context[slice.name] = slice.createContext();
  return context;
}

function invalidSchema(expected: string, got: string): DeepwrightError {
  return new DeepwrightError({
    code: "INVALID_SCHEMA",
    kind: "internal",
    expected,
    got,
    todo: "Correct the slice; this is a defect of the package that made it.",
  });
}

function attach(schema: GraphQLSchema, slice: string, name: string, resolvers: unknown): void {
  const type = schema.getType(name);
  const entries = Object.entries(resolvers as Readonly<Record<string, unknown>>);
  if (type instanceof GraphQLObjectType) {
    for (const [field, resolver] of entries) attachField(type, slice, field, resolver);
  } else if (type instanceof GraphQLInterfaceType || type instanceof GraphQLUnionType) {
    const [, resolve] = entries.find(([key]) => key === "__resolveType") ?? [];
    type.resolveType = resolve as GraphQLTypeResolver<unknown, unknown>;
  } else if (type instanceof GraphQLEnumType) {
    attachEnum(schema, type, Object.fromEntries(entries));
  } else if (type instanceof GraphQLScalarType && !isSpecifiedScalarType(type)) {
    attachScalar(type, resolvers as ScalarFunctions);
  } else {
    throw invalidSchema(`a type of slice ${slice} in the schema`, name);
  }
}

function attachField(type: GraphQLObjectType, slice: string, name: string, resolver: unknown): void {
  const field = type.getFields()[name];
  if (!field) throw invalidSchema(`a field of slice ${slice} in the schema`, `${type.name}.${name}`);
  if (typeof resolver === "function") {
    field.resolve = resolver as GraphQLFieldResolver<unknown, unknown>;
  } else {
    const { subscribe } = resolver as { subscribe: GraphQLFieldResolver<unknown, unknown> };
    field.subscribe = subscribe;
  }
}

/** Replaces the values that stand for the names inside; the maps of graphql-js are made anew by the constructor. */
function attachEnum(schema: GraphQLSchema, type: GraphQLEnumType, values: Readonly<Record<string, unknown>>): void {
  const config = type.toConfig();
  for (const [name, value] of Object.entries(values)) {
    const entry = config.values[name];
    if (!entry) throw invalidSchema(`a value of the enum ${type.name}`, name);
    entry.value = value;
  }
  // The schema's other types hold this object, so it is filled anew and not replaced.
  Object.assign(type, new GraphQLEnumType(config));
  schema.getTypeMap()[type.name] = type;
  restoreDefaults(schema, type);
}

/** Default values of arguments were read with the enum's names; they become the values inside. */
function restoreDefaults(schema: GraphQLSchema, type: GraphQLEnumType): void {
  const convert = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(convert);
    return typeof value === "string" ? (type.getValue(value)?.value ?? value) : value;
  };
  const isOfType = (text: string): boolean => text.replace(/[[\]!]/g, "") === type.name;
  for (const other of Object.values(schema.getTypeMap())) {
    if (!("getFields" in other)) continue;
    for (const field of Object.values(other.getFields())) {
      const inputs = "args" in field ? field.args : [field];
      for (const input of inputs) {
        if (isOfType(String(input.type)) && input.defaultValue !== undefined) {
          input.defaultValue = convert(input.defaultValue);
        }
      }
    }
  }
}

interface ScalarFunctions {
  readonly serialize: (value: unknown) => unknown;
  readonly parseValue: (value: unknown) => unknown;
}

function attachScalar(type: GraphQLScalarType, functions: ScalarFunctions): void {
  const made = new GraphQLScalarType({ ...type.toConfig(), ...functions });
  type.serialize = made.serialize;
  type.parseValue = made.parseValue;
  type.parseLiteral = new GraphQLScalarType({
    name: type.name,
    parseValue: functions.parseValue,
  }).parseLiteral;
}
