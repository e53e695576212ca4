import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ProofReport, WhyReport } from "../contract/index.js";
import { type Lineage, openLineage } from "../open-lineage.js";
import { recordCommand } from "../run-command/index.js";
import { explainRegression } from "../why/index.js";
import type { ProofProgress } from "./options.js";
import { prove } from "./prove.js";

let home: string;
let lineage: Lineage;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), "prove-"));
  mkdirSync(join(home, "store"));
  lineage = await openLineage(`file:${join(home, "store")}`);
});

afterAll(async () => {
  await lineage.close();
  rmSync(home, { recursive: true, force: true });
});

/** A pipeline whose loss depends on a hunk, a key, an argument, a variable and a data file; the seed adds noise. */
const script = (lines: { readonly rate: string; readonly greeting: string; readonly step: string }) => `
const fs = require("node:fs");
${lines.greeting}
const config = JSON.parse(fs.readFileSync("config.json", "utf8"));
const rows = fs.readFileSync("data.csv", "utf8").trim().split("\\n").slice(1).map(Number);

function train(seed) {
  ${lines.rate}
  let state = seed;
  const noise = () => (state = (state * 16807) % 2147483647) / 2147483647 - 0.5;
  noise();
  // The rate and the depth are bad together, the momentum by itself.

  ${lines.step}
  const together = rate > 0.5 && config.depth > 5 ? 4 : 0;
  const momentum = Number(process.env.TF_MOMENTUM ?? 0);
  return 1 + together + momentum + rows.length / 1e6 + 0.05 * noise() + step * 0;
}
const seed = Number(process.argv[process.argv.indexOf("--seed") + 1]);
console.log("loss=" + train(seed));
`;

interface Version {
  readonly script: string;
  readonly config: unknown;
  readonly data: string;
  readonly environment?: Record<string, string>;
}

function write(root: string, version: Version): void {
  writeFileSync(join(root, "train.cjs"), version.script);
  writeFileSync(join(root, "config.json"), `${JSON.stringify(version.config, null, 2)}\n`);
  writeFileSync(join(root, "data.csv"), version.data);
}

const git = (root: string, ...words: string[]) =>
  execFileSync("git", ["-C", root, "-c", "user.name=t", "-c", "user.email=t@t", ...words], { stdio: "pipe" });

async function record(root: string, seed: number, environment: Record<string, string> = {}) {
  return recordCommand({
    command: [process.execPath, "train.cjs", "--seed", String(seed)],
    cwd: root,
    env: { ...process.env, ...environment },
    store: `file:${join(home, "store")}`,
    project: root,
    data: ["data.csv"],
    config: ["config.json"],
    objective: { metric: "loss", direction: "minimize" },
    stdio: "ignore",
    deliverTo: lineage.runs,
  });
}

/** Records two versions, asks why, and proves. */
async function proofOf(
  name: string,
  versions: readonly [Version, Version],
  options: { readonly git?: boolean; readonly dirty?: boolean } = {},
): Promise<{ proof: ProofReport; report: WhyReport; root: string; progress: ProofProgress[] }> {
  const root = join(home, name);
  mkdirSync(root);
  if (options.git !== false) {
    git(root, "init", "-q");
    writeFileSync(join(root, ".gitignore"), "data.csv\n");
  }
  write(root, versions[0]);
  if (options.git !== false) {
    git(root, "add", ".");
    git(root, "commit", "-qm", "first");
  }
  const first = await record(root, 1, versions[0].environment);
  write(root, versions[1]);
  if (options.git !== false && !options.dirty) git(root, "commit", "-qam", "second");
  const second = await record(root, 2, versions[1].environment);
  const report = await explainRegression(lineage.runs, { runId: second.runId, vs: first.runId });
  const progress: ProofProgress[] = [];
  const proof = await prove({
    runs: lineage.runs,
    report,
    store: `file:${join(home, "store")}`,
    jobs: 2,
    onProgress: (event) => progress.push(event),
  });
  return { proof, report, root, progress };
}

const calm = { rate: "const rate = 0.1;", greeting: "// Trains a model.", step: "const step = 1;" };
const rough = { rate: "const rate = 0.9;", greeting: "// Trains the model.", step: "const step = 2;" };
const data = (rows: number) => `x\n${Array.from({ length: rows }, (_, index) => index).join("\n")}\n`;

describe("prove", { timeout: 120_000 }, () => {
  it("proves one hunk among other differences, and changes nothing of the user's", async () => {
    const { proof, report, root } = await proofOf("hunk", [
      { script: script(calm), config: { depth: 9, width: 3 }, data: data(50) },
      { script: script(rough), config: { depth: 9, width: 4 }, data: data(60) },
    ]);
    expect(proof.verdict).toBe("proven");
    expect(proof.causes.map(({ title }) => title)).toEqual([expect.stringContaining("const rate = 0.9")]);
    expect(proof.restored?.estimate).toBeGreaterThan(0.9);
    expect(proof.runsUsed).toBeLessThanOrEqual(20);
    expect(proof.differenceCount).toBeGreaterThanOrEqual(4);
    expect(git(root, "status", "--porcelain").toString()).toBe("");
    expect(git(root, "worktree", "list").toString().trim().split("\n")).toHaveLength(1);
    expect(readdirSync(join(home, "store", "proofs", "trees"))).toEqual([]);
    // Re-runs are in lineage, under the run in question, and hidden from the list.
    const { runIds } = proof.steps[0] as (typeof proof.steps)[number];
    const made = await lineage.runs.getRun({ id: runIds[0] as (typeof runIds)[number] });
    expect(made).toMatchObject({ purpose: "proof", parentRunId: report.runId, status: "finished" });
  });

  it("finds a hunk and a config key that act together, dirty and without a commit", async () => {
    const { proof } = await proofOf(
      "pair",
      [
        { script: script(calm), config: { depth: 3, width: 3 }, data: data(50) },
        { script: script(rough), config: { depth: 9, width: 4 }, data: data(50) },
      ],
      { dirty: true },
    );
    // Either put back restores: there are two minimal answers, each a single cause.
    expect(proof.verdict).toBe("proven");
    expect(proof.causes).toHaveLength(1);
    expect(proof.causes[0]?.title).toMatch(/rate = 0.9|depth/);
  });

  it("proves an environment variable without git", async () => {
    const { proof } = await proofOf(
      "plain",
      [
        { script: script(calm), config: { depth: 3 }, data: data(50), environment: { TF_MOMENTUM: "0" } },
        { script: script(rough), config: { depth: 4 }, data: data(50), environment: { TF_MOMENTUM: "2" } },
      ],
      { git: false },
    );
    expect(proof.verdict).toBe("proven");
    expect(proof.causes.map(({ kind }) => kind)).toEqual(["environment"]);
  });

  it("puts an earlier data file back from its kept copy", async () => {
    const version = { script: script(calm), config: { depth: 3 } };
    const { proof, root } = await proofOf("data", [
      { ...version, data: data(10) },
      { ...version, script: script({ ...calm, greeting: "// x" }), data: data(1_000_000) },
    ]);
    expect(proof.causes.map(({ kind }) => kind)).toEqual(["data"]);
    expect(readFileSync(join(root, "data.csv"), "utf8").length).toBeGreaterThan(1e6);
  });

  it("names no cause for two runs that differ by their seed alone", async () => {
    const version = { script: script(calm), config: { depth: 3 }, data: data(50) };
    const { proof } = await proofOf("seed", [version, version], { dirty: true });
    expect(["noise", "not-reproduced"]).toContain(proof.verdict);
    expect(proof).toMatchObject({ causes: [], differenceCount: 0 });
    expect(proof.runsUsed).toBeLessThanOrEqual(4);
  });

  it("names no cause for two runs whose differences do nothing", async () => {
    const version = { script: script(calm), config: { depth: 3 }, data: data(50) };
    const { proof } = await proofOf("idle", [
      version,
      { ...version, script: script({ ...calm, step: "const step = 2;" }) },
    ]);
    expect(["noise", "not-reproduced"]).toContain(proof.verdict);
    expect(proof.causes).toEqual([]);
  });

  it("goes on after it was ended, and does not repeat what is finished", async () => {
    const first = await proofOf("resume", [
      { script: script(calm), config: { depth: 9 }, data: data(50) },
      { script: script(rough), config: { depth: 9 }, data: data(50) },
    ]);
    const started: ProofProgress[] = [];
    const again = await prove({
      runs: lineage.runs,
      report: first.report,
      store: `file:${join(home, "store")}`,
      onProgress: (event) => started.push(event),
    });
    expect(again).toEqual(first.proof);
    expect(started.filter(({ type }) => type === "rerun-start")).toEqual([]);
  });

  it("stops when it is told to, cleans up, and keeps to its budget", async () => {
    const root = join(home, "hunk");
    const page = await lineage.runs.searchRuns({ project: root, order: { by: "started", direction: "descending" } });
    const [second, first] = page.items.filter((run) => run.purpose === "user");
    const report = await explainRegression(lineage.runs, {
      runId: (second as typeof second & object).id,
      vs: (first as typeof first & object).id,
    });
    const few = { ...report, objective: { metric: "loss", direction: "minimize" as const } };
    rmSync(join(home, "store", "proofs"), { recursive: true, force: true });
    const controller = new AbortController();
    const stopped = prove({
      runs: lineage.runs,
      report: few,
      store: `file:${join(home, "store")}`,
      signal: controller.signal,
      onProgress: ({ type }) => type === "rerun-end" && controller.abort(new Error("enough")),
    });
    await expect(stopped).rejects.toThrow("enough");
    expect(readdirSync(join(home, "store", "proofs", "trees"))).toEqual([]);
    const limited = await prove({ runs: lineage.runs, report: few, store: `file:${join(home, "store")}`, maxRuns: 3 });
    expect(limited).toMatchObject({ verdict: "undecided", runsUsed: 3, causes: [] });
    expect(existsSync(join(root, "config.json"))).toBe(true);
    // The budget ends while a confirming re-run and the check of the rest run side by side: none is left behind.
    const ended = await prove({
      runs: lineage.runs,
      report: few,
      store: `file:${join(home, "store")}`,
      maxRuns: 9,
      jobs: 2,
    });
    expect(ended).toMatchObject({ verdict: "undecided", runsUsed: 9 });
    expect(readdirSync(join(home, "store", "proofs", "trees"))).toEqual([]);
  });
});
