import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Run, WhyReport } from "@deepwright/lineage";
import { afterAll, describe, expect, it } from "vitest";
import { readPrinted } from "../context.js";
import { TestFolder } from "../testing.test.support.js";

const json = <Value>(text: string): Value => readPrinted<never>(text) as Value;
const training = `
const { writeFileSync } = require("node:fs");
const value = (name) => Number(process.argv[process.argv.indexOf(name) + 1]);
writeFileSync("started", "");
console.log("loss=" + (1 + (value("--rate") > 0.5 ? 4 : 0) + 0.01 * ((value("--seed") * 7919) % 13) / 13));
`;

describe("the program as a process", { timeout: 300_000 }, () => {
  const folder = new TestFolder();
  folder.write("train.cjs", training);
  const train = (rate: string, seed: number): string[] => ["node", "train.cjs", "--rate", rate, "--seed", String(seed)];
  const run = (options: readonly string[], command: readonly string[]) =>
    folder.bin(["run", "--project", "prices", "--minimize", "loss", ...options, "--", ...command]);
  const runs = async (): Promise<readonly Run[]> =>
    json<{ items: Run[] }>((await folder.bin(["runs", "--json"])).output).items;
  afterAll(() => folder.end());

  it("prints its version without a store", async () => {
    const ended = await folder.bin(["--version"]);
    expect([ended.code, ended.output]).toEqual([0, expect.stringMatching(/^\d+\.\d+\.\d+\n$/)]);
    expect(existsSync(join(folder.path, ".deepwright"))).toBe(false);
  });

  it("refuses what violates a checked-in schema before the command starts, and records nothing", async () => {
    const key = { types: ["number"], maximum: 1, required: true };
    const keys = { "arguments/0": { types: ["string"] }, "arguments/--rate": key, "arguments/--seed": key };
    folder.write("deepwright.config.schema.json", JSON.stringify({ schemaVersion: 1, keys }));
    const refused = await run([], train("fast", 1));
    expect([refused.code, refused.output]).toEqual([1, ""]);
    expect(refused.errors).toMatch(/--rate: expected number, got string "fast".*\[CONFIGURATION_VIOLATED\]/);
    const document = await run(["--json"], train("2", 1));
    expect(document.code).toBe(1);
    expect(json<{ error: { details: unknown } }>(document.output).error.details).toMatchObject({
      violations: [{ path: "arguments/--rate", rule: "maximum" }],
    });
    expect(existsSync(join(folder.path, "started"))).toBe(false);
    folder.write("deepwright.config.schema.json", "{");
    expect((await run([], train("0.1", 1))).errors).toContain("INVALID_CONFIGURATION_SCHEMA");
    expect((await run(["--schema", "none.json"], train("0.1", 1))).errors).toContain("CONFIGURATION_SCHEMA_MISSING");
    expect(await runs()).toEqual([]);
    folder.write("deepwright.config.schema.json", JSON.stringify({ schemaVersion: 1, keys: {}, additionalKeys: true }));
  });

  it.each([
    ["SIGHUP", 129],
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("passes %s on to the command, records the run as cancelled and exits with %i", async (name, code) => {
    const program = "console.error('ready'); setInterval(() => undefined, 1000)";
    let sent = false;
    const ended = await folder.bin(["run", "--project", name, "--", "node", "-e", program], (text, child) => {
      if (!sent && text.includes("ready")) sent = child.kill(name);
    });
    expect([ended.code, ended.errors]).toEqual([code, expect.stringContaining("(cancelled)")]);
    const { output } = await folder.bin(["runs", "--project", name, "--json"]);
    expect(json<{ items: Run[] }>(output).items).toMatchObject([{ status: "cancelled", signal: name, exitCode: null }]);
    expect((await folder.bin(["archive", "latest", "--project", name])).code).toBe(0);
  });

  it("records runs, warns of what is unlike them, and proves why the last one is worse", async () => {
    for (const seed of [1, 2, 3]) expect((await run(["--quiet"], train("0.1", seed))).errors).toBe("");
    const failed = await run([], ["node", "-e", "process.exit(7)"]);
    expect(failed.code).toBe(7);
    expect((await folder.bin(["archive", "latest"])).code).toBe(0);
    rmSync(join(folder.path, "deepwright.config.schema.json"));
    const warned = await run(["--check-inferred"], train("2.5", 4));
    expect([warned.code, warned.errors]).toEqual([
      0,
      expect.stringContaining("unlike earlier runs: arguments/--rate: expected at most 1, got 2.5"),
    ]);
    let interrupted = false;
    const stopped = await folder.bin(["why", "--prove", "--max-runs", "24"], (text, child) => {
      if (!interrupted && text.includes("re-runs")) child.kill("SIGINT");
      interrupted ||= text.includes("re-runs");
    });
    expect([stopped.code, stopped.output]).toEqual([130, ""]);
    expect(stopped.errors).toContain("interrupted; what was re-run is kept");
    expect(readdirSync(join(folder.path, ".deepwright", "proofs", "trees"))).toEqual([]);
    const ended = await folder.bin(["why", "--prove", "--jobs", "2", "--max-runs", "24", "--html", "why.html"]);
    expect([ended.code, ended.errors]).toEqual([0, expect.stringContaining("in an earlier attempt")]);
    expect(ended.output.split("\n")[0]).toMatch(/^Proven: "--rate: 0\.1 -> 2\.5" is the cause\./);
    expect(ended.errors).not.toContain("\u001b");
    expect(existsSync(join(folder.path, "why.html"))).toBe(true);
    const stored = json<WhyReport>((await folder.bin(["why", "--json"])).output);
    expect(stored.proof?.verdict).toBe("proven");
    const again = await folder.bin(["why", "--prove", "--json", "--max-runs", "24", "--quiet"]);
    expect([again.code, again.errors]).toEqual([0, ""]);
    expect(json<WhyReport>(again.output).proof?.causes).toHaveLength(1);
    expect(json<{ items: Run[] }>((await folder.bin(["runs", "--json"])).output).items).toHaveLength(4);
  });
});
