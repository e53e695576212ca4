import { describe, expect, it } from "vitest";
import { countTests } from "./test-summary.mjs";

/** @param {...[string, string]} results */
const file = (...results) => ({
  name: "a.test.ts",
  status: results.some(([, status]) => status === "failed") ? "failed" : "passed",
  message: "",
  assertionResults: results.map(([fullName, status]) => ({ fullName, status })),
});

describe("countTests", () => {
  it("counts and names what failed and what was skipped", () => {
    const testResults = [file(["one", "passed"], ["two", "failed"], ["three", "pending"]), file(["four", "passed"])];
    expect(countTests("p", { exitCode: 1, testResults })).toEqual({
      passed: 2,
      failed: 1,
      skipped: ["p: three"],
      failures: ["p: two"],
    });
  });

  it("counts a package that left no summary as failed", () => {
    expect(countTests("p", undefined)).toMatchObject({ passed: 0, failed: 1 });
  });

  it("counts a file that could not be loaded as failed", () => {
    const broken = { ...file(), status: "failed", message: "no such module" };
    expect(countTests("p", { exitCode: 1, testResults: [broken] }).failures).toEqual(["p: a.test.ts: no such module"]);
  });

  it("counts a run that failed outside of its tests as failed", () => {
    const { passed, failed } = countTests("p", { exitCode: 1, testResults: [file(["one", "passed"])] });
    expect({ passed, failed }).toEqual({ passed: 1, failed: 1 });
  });
});
