import { execute, type GraphQLSchema, parse } from "graphql";
import { describe, expect, it } from "vitest";
import { limitsSchema } from "../config/config.js";
import { composeSchema } from "../schema/compose.js";
import { compile } from "./compile.js";
import { createExecutor } from "./executor.js";
import { OperationBook } from "./operation-book.js";

const typeDefs = `
  enum Shade { LIGHT DARK }
  scalar Moment
  input Where { shade: Shade = DARK, after: Moment, not: Where }
  interface Named { name: String! }
  type Cat implements Named { name: String! lives: Int! }
  type Dog implements Named { name: String! tricks: [String!]! }
  extend type Query {
    echo(where: Where, shades: [Shade!] = [LIGHT]): String!
    pets(first: Int = 2): [Named!]!
    late: String
    broken: String
    brokenDeep: [Cat]!
    shade: Shade!
    moment: Moment
  }
`;
const pets = [
  { __typename: "Cat", name: "Tom", lives: 9 },
  { __typename: "Dog", name: "Rex", tricks: ["sit"] },
  { __typename: "Cat", name: "Mia", lives: 7 },
];
const fail = (): never => {
  throw new Error("no");
};
const schema: GraphQLSchema = composeSchema(
  [
    {
      name: "test",
      typeDefs,
      resolvers: {
        Shade: { LIGHT: "light", DARK: "dark" },
        Moment: {
          serialize: (value: number) => new Date(value).toISOString(),
          parseValue: (value: string) => Date.parse(value),
        },
        Named: { __resolveType: (value: { __typename: string }) => value.__typename },
        Query: {
          echo: (_: never, { where, shades }: { where?: unknown; shades?: unknown }) =>
            JSON.stringify({ where, shades }),
          pets: (_: never, { first }: { first: number }) => pets.slice(0, first),
          late: async () => "late",
          broken: fail,
          brokenDeep: () => [
            {
              name: "A",
              get lives() {
                return fail();
              },
            },
            pets[0],
          ],
          shade: () => "dark",
          moment: () => 0,
        },
      },
    },
  ],
  "1.0.0",
);

const queries: [query: string, variables?: Record<string, unknown>][] = [
  ["{ gatewayVersion late shade moment }"],
  ["{ pets { __typename name ...on Cat { lives } ...D } } fragment D on Dog { tricks }"],
  ["query Q($n: Int) { pets(first: $n) { name } }", { n: 3 }],
  ["query Q($n: Int) { pets(first: $n) { name } }", {}],
  ["query Q($n: Int = 1) { pets(first: $n) { name } }", {}],
  ["{ echo }"],
  ['{ echo(where: {shade: LIGHT, after: "1970-01-01T00:00:01Z", not: {}}, shades: [DARK, LIGHT]) }'],
  ["query Q($w: Where, $s: [Shade!]) { echo(where: $w, shades: $s) }", { w: { not: { shade: "LIGHT" } }, s: "DARK" }],
  ["query Q($yes: Boolean!) { late @include(if: $yes) shade @skip(if: $yes) }", { yes: true }],
  ["query Q($yes: Boolean!) { late @include(if: $yes) shade @skip(if: $yes) }", { yes: false }],
  ["{ a: shade b: shade broken late }"],
  ["{ brokenDeep { name lives } }"],
];

describe("the executor", () => {
  it.each(queries)("answers compiled as graphql-js does: %s %j", async (query, variables = {}) => {
    const executor = createExecutor(schema, new OperationBook(schema, limitsSchema.parse({})));
    const document = parse(query);
    const expected = JSON.parse(JSON.stringify(await execute({ schema, document, variableValues: variables })));
    for (let use = 0; use < 4; use++) {
      const result = await executor({ document, operationName: undefined, variables, contextValue: {} });
      expect(JSON.parse(JSON.stringify(result.data))).toEqual(expected.data);
      expect(result.errors?.map((error) => error.path)).toEqual(
        expected.errors?.map((error: { path: unknown }) => error.path),
      );
    }
  });

  it.each([
    ["query Q($n: Int) { pets(first: $n) { name } }", { n: "many" }],
    ["query Q($s: [Shade!]) { echo(shades: $s) }", { s: ["GREY"] }],
    ["query Q($yes: Boolean!) { late @include(if: $yes) }", {}],
  ])("refuses wrong variables compiled too: %s", async (query, variables) => {
    const executor = createExecutor(schema, new OperationBook(schema, limitsSchema.parse({})));
    const document = parse(query);
    for (let use = 0; use < 4; use++) {
      const result = await executor({ document, operationName: undefined, variables, contextValue: {} });
      expect(result.data).toBeFalsy();
      expect(result.errors?.length).toBeGreaterThan(0);
    }
  });

  it("compiles queries whose variables are filters within filters", () => {
    const query = "query Q($w: Where, $all: [Where!]!, $yes: Boolean!) { echo(where: $w) late @include(if: $yes) }";
    expect(compile(schema, parse(query), "Q")).not.toBeNull();
  });

  it("refuses what costs too much before anything is resolved", async () => {
    const limits = limitsSchema.parse({ cost: 10 });
    const executor = createExecutor(schema, new OperationBook(schema, limits));
    const document = parse("query Q($n: Int) { pets(first: $n) { name } }");
    const run = (n: number) => executor({ document, operationName: "Q", variables: { n }, contextValue: {} });
    expect((await run(1000)).errors?.[0]?.extensions.code).toBe("QUERY_TOO_COSTLY");
    expect((await run(1)).errors).toBeUndefined();
  });
});
