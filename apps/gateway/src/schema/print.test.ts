import { readFileSync } from "node:fs";
import { buildSchema } from "graphql";
import { describe, expect, it } from "vitest";
import { composeSchema } from "./compose.js";
import { printGatewaySchema } from "./print.js";

const file = readFileSync(new URL("../../schema.graphql", import.meta.url), "utf8");

describe("schema.graphql", () => {
  it("is what the slices say (else run node build/check-schema.mjs --write)", () => {
    expect(file).toBe(printGatewaySchema());
  });

  it("is a whole schema that offers the main job", () => {
    const schema = buildSchema(file);
    expect(Object.keys(schema.getQueryType()?.getFields() ?? {})).toContain("explainRegression");
    expect(schema.getSubscriptionType()).toBeTruthy();
  });
});

describe("composeSchema", () => {
  it("refuses a resolver without a field", () => {
    const slice = { name: "test", typeDefs: "extend type Query { a: Int }", resolvers: { Query: { b: () => 1 } } };
    expect(() => composeSchema([slice], "1.0.0")).toThrow("Query.b");
  });

  it("refuses slices that say the same field", () => {
    const slice = (name: string) => ({ name, typeDefs: "extend type Query { a: Int }", resolvers: {} });
    expect(() => composeSchema([slice("one"), slice("two")], "1.0.0")).toThrow(/Query\.a/);
  });
});
