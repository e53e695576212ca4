import { describe, expect, it } from "vitest";
import { runGates } from "./run-gates.mjs";

/** @param {readonly import("./gate.mjs").Gate[]} gates */
async function outcome(gates) {
  let text = "";
  const exitCode = await runGates(gates, (part) => {
    text += part;
  });
  return { exitCode, text, last: text.trimEnd().split("\n").at(-1) };
}

describe("runGates", () => {
  it("ends with the counts of all gates", async () => {
    const { exitCode, last } = await outcome([
      { name: "a", run: async () => ({ passed: 2, failed: 0 }) },
      { name: "b", run: async () => ({ passed: 3, failed: 0, skipped: 1 }) },
    ]);
    expect({ exitCode, last }).toEqual({ exitCode: 0, last: "5 passed, 0 failed, 1 skipped" });
  });

  it("runs the gates behind a failed one, and shows its failures", async () => {
    const { exitCode, last, text } = await outcome([
      { name: "a", run: async () => ({ passed: 0, failed: 1, failures: ["broken\nhere"] }) },
      { name: "b", run: async () => ({ passed: 1, failed: 0 }) },
    ]);
    expect({ exitCode, last }).toEqual({ exitCode: 1, last: "1 passed, 1 failed" });
    expect(text).toContain("    broken\n    here\n");
  });

  it("counts a gate that throws as failed", async () => {
    const { exitCode, text } = await outcome([{ name: "a", run: () => Promise.reject(new Error("no compiler")) }]);
    expect(exitCode).toBe(1);
    expect(text).toContain("no compiler");
  });
});
