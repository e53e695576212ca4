import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { root } from "../setup/workspace.mjs";
import { runExample } from "./run.mjs";

const folder = mkdtempSync(join(root, "packages", "tooling", "node_modules", ".readme-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("runExample", () => {
  it("gives the printed lines", async () => {
    const code = "const lines: readonly string[] = ['a', '', 'b'];\nfor (const line of lines) console.log(line);";
    expect(await runExample(code, { folder, name: "prints" })).toEqual(["a", "", "b"]);
  }, 60_000);

  it("works in an empty folder, not in the repository", async () => {
    const [where] = await runExample("console.log(process.cwd());", { folder, name: "where" });
    expect(where?.startsWith(tmpdir())).toBe(true);
  }, 60_000);

  it("fails on a type error, with what the compiler said", async () => {
    await expect(runExample("const a: number = 'x';", { folder, name: "type" })).rejects.toThrow("TS2322");
  }, 60_000);

  it("fails when the example fails, with what it said", async () => {
    await expect(runExample("throw new Error('broken example');", { folder, name: "fails" })).rejects.toThrow(
      "broken example",
    );
  }, 60_000);
});
