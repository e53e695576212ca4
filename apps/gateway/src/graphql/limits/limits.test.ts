import fc from "fast-check";
import { buildSchema, parse, validate } from "graphql";
import { describe, expect, it } from "vitest";
import { limitsSchema } from "../../config/config.js";
import { planCost } from "./cost.js";
import { limitRule } from "./rules.js";

const schema = buildSchema(`
  type Query { runs(first: Int = 50): Runs! run: Run }
  type Runs { nodes: [Run!]! edges: [Edge!]! totalCount: Int! }
  type Edge { node: Run! }
  type Run { name: String! parent: Run metrics: [Metric!]! runs(first: Int = 50): Runs! }
  type Metric { name: String! history(maxPoints: Int = 1000): History! }
  type History { values: [Float!]! }
`);
const limits = limitsSchema.parse({});
const problems = (query: string): string[] =>
  validate(schema, parse(query), [limitRule(limits)]).map((error) => error.message);
const nested = (levels: number): string =>
  `{ run ${"{ parent ".repeat(levels - 2)}{ name }${" }".repeat(levels - 2)} }`;
const cost = (query: string, variables = {}): number => planCost(schema, parse(query), undefined)(variables);

describe("limits of queries", () => {
  it("let a query through at the depth and refuse it one deeper", () => {
    expect(problems(nested(limits.depth))).toEqual([]);
    expect(problems(nested(limits.depth + 1))[0]).toContain("levels of fields");
  });

  it("count depth through fragments, in any form", () => {
    const deep = nested(limits.depth + 3);
    const inner = deep.slice(deep.indexOf("{ parent"), deep.lastIndexOf("}"));
    expect(problems(`{ run { ...on Run ${inner} } }`)[0]).toContain("levels of fields");
    expect(problems(`{ run { ...Deep } } fragment Deep on Run ${inner}`)[0]).toContain("levels of fields");
  });

  it("refuse one field under many names", () => {
    const aliases = Array.from({ length: limits.aliases + 1 }, (_, index) => `a${index}: name`).join(" ");
    expect(problems(`{ run { ${aliases} } }`)[0]).toContain("aliases");
  });

  it("refuse too many fields at the root", () => {
    const fields = Array.from({ length: limits.rootFields + 1 }, (_, index) => `r${index}: run { name }`).join(" ");
    expect(problems(`{ ${fields} }`).some((message) => message.includes("fields at the root"))).toBe(true);
  });

  it("measure a fragment bomb in no time", () => {
    const bomb = Array.from(
      { length: 40 },
      (_, level) => `fragment F${level} on Run { ...F${level + 1} ...F${level + 1} }`,
    ).join("\n");
    expect(problems(`{ run { ...F0 } } ${bomb} fragment F40 on Run { name }`)[0]).toContain("fields");
    expect(cost(`{ run { ...F0 } } ${bomb} fragment F40 on Run { name }`)).toBeGreaterThan(1e9);
  });

  it("end on fragments that contain themselves", () => {
    expect(problems("{ run { ...A } } fragment A on Run { parent { ...A } }")).toEqual([]);
  });
});

describe("the cost of queries", () => {
  it("multiplies pages within pages", () => {
    const one = cost("{ runs(first: 1) { nodes { name } } }");
    const hundred = cost("{ runs(first: 100) { nodes { name } } }");
    expect(hundred).toBeGreaterThan(50 * one);
    expect(cost("{ runs(first: 100) { nodes { runs(first: 100) { nodes { name } } } } }")).toBeGreaterThan(10_000);
  });

  it("is the same for a number in a variable and in the query", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), (first) => {
        const query = "query Q($first: Int) { runs(first: $first) { nodes { name metrics { name } } } }";
        expect(cost(query, { first })).toBe(cost(query.replace("$first)", `${first})`).replace("($first: Int)", "")));
      }),
    );
  });

  it("takes the default of an argument that is left out or null", () => {
    const query = "query Q($first: Int) { runs(first: $first) { nodes { name } } }";
    expect(cost(query)).toBe(cost("{ runs { nodes { name } } }"));
    expect(cost(query, { first: null })).toBe(cost("{ runs(first: 50) { nodes { name } } }"));
  });

  it("grows with the points that are asked for", () => {
    const points = (count: number) => cost(`{ run { metrics { history(maxPoints: ${count}) { values } } } }`);
    expect(points(100_000)).toBeGreaterThan(points(100) + 1000);
  });

  it("ends on fragments that contain themselves", () => {
    expect(cost("{ run { ...A } } fragment A on Run { parent { ...A } }")).toBeGreaterThan(0);
  });
});
