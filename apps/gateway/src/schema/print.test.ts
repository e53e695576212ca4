import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { buildSchema, isObjectType, printSchema } from "graphql";
import { describe, expect, it } from "vitest";
import { composeSchema } from "./compose.js";
import { printGatewaySchema } from "./print.js";

const file = readFileSync(new URL("../../schema.graphql", import.meta.url), "utf8");
const normalized = (text: string): string => printSchema(buildSchema(text));

describe("schema.graphql", () => {
  it("is what the slices say (else run node build/check-schema.mjs --write)", () => {
    expect(normalized(file)).toBe(normalized(printGatewaySchema()));
  });

  it("is a whole schema that offers the main job", () => {
    const schema = buildSchema(file);
    expect(Object.keys(schema.getQueryType()?.getFields() ?? {})).toContain("explainRegression");
    const report = schema.getType("WhyReport");
    expect(isObjectType(report) && Object.keys(report.getFields())).toContain("proof");
    expect(schema.getSubscriptionType()).toBeTruthy();
  });
});

describe("the check of schema changes", () => {
  const program = fileURLToPath(new URL("../../build/check-schema.mjs", import.meta.url));
  const check = (environment: Record<string, string>) =>
    promisify(execFile)(process.execPath, [program], { env: { ...process.env, ...environment } }).then(
      ({ stdout }) => ({ code: 0, output: stdout }),
      (error: { code: number; stdout: string; stderr: string }) => ({
        code: error.code,
        output: error.stdout + error.stderr,
      }),
    );

  it("refuses a base that is no commit", async () => {
    const { code, output } = await check({ SCHEMA_BASE: "no-such-commit" });
    expect(code).toBe(1);
    expect(output).toContain("no-such-commit");
  });

  it("tells what breaks clients from what only adds", async () => {
    const { schemaChanges } = (await import(new URL("../../build/schema-changes.mjs", import.meta.url).href)) as {
      schemaChanges: (before: string, after: string) => Promise<{ message: string; breaks: boolean }[]>;
    };
    const before = "type Query { a: Int b(x: Int): String }";
    expect(await schemaChanges(before, "type Query { a: Int b(x: Int): String c: Int }")).toMatchObject([
      { breaks: false },
    ]);
    for (const after of [
      "type Query { b(x: Int): String }",
      "type Query { a: String b(x: Int): String }",
      "type Query { a: Int b(x: Int!): String }",
    ]) {
      expect((await schemaChanges(before, after)).some((change) => change.breaks)).toBe(true);
    }
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
