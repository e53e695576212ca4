import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RunDiff, WhyReport } from "@deepwright/lineage";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readPrinted } from "../context.js";
import { main } from "../main.js";
import { record } from "../record.js";

describe("diff and why", { timeout: 120_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), "deepwright-why-"));
  const store = `file:${join(folder, ".deepwright")}`;

  async function cli(...words: string[]): Promise<{ code: number; output: string; errors: string }> {
    let output = "";
    let errors = "";
    const code = await main([...words, "--store", store], {
      stdout: { write: (text: string) => (output += text) },
      stderr: { write: (text: string) => (errors += text) },
      environment: {},
      workingDirectory: folder,
    });
    return { code, output, errors };
  }

  beforeAll(async () => {
    const runs = [
      { name: "good-1", shuffle: false, mape: 14.8 },
      { name: "good-2", shuffle: false, mape: 14.9 },
      { name: "good-3", shuffle: false, mape: 14.7 },
      { name: "bad", shuffle: true, mape: 23.7 },
    ];
    for (const [seed, { name, shuffle, mape }] of runs.entries()) {
      const run = record({
        store,
        project: "est",
        name,
        root: folder,
        command: ["python", "train.py"],
        delivery: "none",
      });
      run.configuration({ shuffle, seed, epochs: 3 });
      run.log({ mape });
      await run.finish();
    }
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("prints what differs, and one document with --json", async () => {
    const text = await cli("diff", "good-3", "bad");
    expect(text.code).toBe(0);
    expect(text.output).toContain("configuration\n  seed: 2 -> 3 [seed]\n  shuffle: false -> true\n");
    expect(text.output).toMatch(/\d+ other things? (is|are) equal/);
    const { output } = await cli("diff", "good-3", "bad", "--json");
    expect(readPrinted<RunDiff & never[]>(output).differences).toHaveLength(2);
  });

  it("answers in one sentence first, with evidence, JSON and a report", async () => {
    const html = join(folder, "report.html");
    const text = await cli("why", "bad", "--html", html);
    expect(text.code).toBe(0);
    expect(text.output.split("\n")[0]).toMatch(
      /^The likeliest cause is shuffle: false -> true \(\d+ %\), not yet proven\./,
    );
    expect(readFileSync(html, "utf8")).toContain("shuffle: false -&gt; true");
    const json = readPrinted<WhyReport & never[]>((await cli("why", "bad", "--json", "--vs", "good-1")).output);
    expect(json.worse.worse).toBe("yes");
    expect(json.causes.map(({ difference }) => difference.title)).toEqual(["shuffle: false -> true"]);
  });

  it("renders typed errors with their exit codes", async () => {
    const unknown = await cli("why", "bad", "--metric", "auc");
    expect([unknown.code, unknown.errors]).toEqual([2, expect.stringContaining("METRIC_NOT_RECORDED")]);
    expect((await cli("why", "bad", "--direction", "up")).errors).toContain("INVALID_DIRECTION");
    expect((await cli("why", "bad", "--html", join(folder, "none", "r.html"))).errors).toContain("REPORT_NOT_WRITTEN");
  });
});
