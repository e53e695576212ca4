import { describe, expect, it } from "vitest";
import { z } from "zod";
import { evidenceFactSchema, factSchema, registerFactSchema } from "./facts.js";

describe("fact schemas", () => {
  it("are found by the kind under which they were registered", () => {
    const schema = z.object({ value: z.number() });
    registerFactSchema("core-test.example", schema);
    expect(factSchema("core-test.example")).toBe(schema);
    expect(factSchema("core-test.unknown")).toBeUndefined();
    expect(factSchema("readiness.evidence")).toBe(evidenceFactSchema);
  });
});

describe("evidenceFactSchema", () => {
  const evidence = { test: "data-1", points: 0.5, passed: true, summary: "Schema was reviewed.", source: "wiki" };

  it("takes 28 tests in four sections of seven", () => {
    const sections = ["data", "model", "infrastructure", "monitoring"];
    const tests = sections.flatMap((section) => [0, 1, 2, 3, 4, 5, 6, 7, 8].map((number) => `${section}-${number}`));
    const taken = tests.filter((test) => evidenceFactSchema.safeParse({ ...evidence, test }).success);
    expect(taken).toHaveLength(28);
  });

  it("takes half a point or a whole one", () => {
    const taken = [0, 0.5, 1, 2].filter((points) => evidenceFactSchema.safeParse({ ...evidence, points }).success);
    expect(taken).toEqual([0.5, 1]);
  });
});
