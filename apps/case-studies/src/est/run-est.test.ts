import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Lineage, openLineage, readVerdict } from "@deepwright/lineage";
import { findPostgres, type PostgresServer, startPostgres } from "@deepwright/tooling/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type EstResult, type EstRun, runEst } from "./run-est.js";
import { findSalesFile } from "./sales/find-sales-file.js";
import { proveSeedOnlyPairs } from "./seed-only-pairs.js";
import { openWorkshop } from "./workshop.js";

const home = mkdtempSync(join(tmpdir(), "deepwright-est-test-"));
const store = `file:${join(home, "store")}`;
let lineage: Lineage;

beforeAll(async () => {
  lineage = await openLineage(store);
});

afterAll(async () => {
  await lineage.close();
  rmSync(home, { recursive: true, force: true });
});

const flag = "source.shuffle: false -> true (pipeline.toml)";

function expectProvenFlag({ sentence, proof, ranking }: EstResult): void {
  expect(sentence).toContain(`Proven: "${flag}" is the cause.`);
  expect(proof).toMatchObject({ verdict: "proven", errorRate: 0.05, sentence });
  expect(proof.causes.map(({ title }) => title)).toEqual([flag]);
  expect(proof.runsUsed).toBeLessThanOrEqual(20);
  expect(proof.differenceCount).toBeGreaterThanOrEqual(25);
  expect(proof.restored?.estimate).toBeGreaterThan(0.8);
  // Without a re-run it stands among the first already.
  expect(ranking.proof).toBeNull();
  expect(ranking.causes.slice(0, 3).map(({ difference }) => difference.title)).toContain(flag);
}

describe("the valuation case", () => {
  it("finds and proves the flag on generated sales, stores the verdict and writes its report", async () => {
    const out = join(home, "report");
    const lines: string[] = [];
    const result = await runEst({ store, lineage, generated: true, small: true, out, say: (line) => lines.push(line) });
    expectProvenFlag(result);
    expect(result.refactoring.hunks).toBeGreaterThanOrEqual(20);
    expect(result.refactoring.files).toBeGreaterThanOrEqual(6);
    const kinds = new Set(result.ranking.causes.map(({ difference }) => difference.kind));
    expect([...kinds].sort()).toEqual(["configuration", "data", "package", "source-file", "source-hunk"]);
    const meanOf = (version: string): number => {
      const values = result.runs.filter((run) => run.version === version).map(({ metrics }) => metrics.mape ?? 0);
      return values.reduce((sum, value) => sum + value, 0) / values.length;
    };
    expect(meanOf("after")).toBeGreaterThan(1.3 * meanOf("before"));

    const stored = await readVerdict(lineage.runs, result.report.runId);
    expect(stored?.sentence).toBe(result.sentence);
    expect(stored?.proof?.verdict).toBe("proven");

    expect(readdirSync(out).sort()).toEqual(["metric.svg", "proof.svg", "report.md", "why.html"]);
    const report = readFileSync(join(out, "report.md"), "utf8");
    expect(report).toContain(result.sentence);
    expect(report).toContain("generated sales");
    expect(readFileSync(join(out, "proof.svg"), "utf8")).toContain("the cause alone");
    expect(readFileSync(join(out, "why.html"), "utf8")).toContain("source.shuffle");
    expect(statSync(join(out, "why.html")).size).toBeLessThan(300_000);
    expect(lines.filter((line) => line.startsWith("Recorded "))).toHaveLength(5);
    expect(existsSync(result.workdir)).toBe(false);
  }, 180_000);

  const published = findSalesFile(undefined) !== null;
  it.skipIf(!published)(
    `finds and proves the flag on sales of King County${published ? "" : " (skipped: king_county_sales.csv is not there)"}`,
    async () => {
      const result = await runEst({ store, lineage, small: true });
      expect(result.data.isGenerated).toBe(false);
      expectProvenFlag(result);
    },
    180_000,
  );

  it("proves the flag in the hard form, where MAPE hardly moves", async () => {
    const result = await runEst({ store, lineage, generated: true, small: true, form: "hard", maxRuns: 40 });
    expect(result.sentence).toContain(`Proven: "${flag}" is the cause.`);
    expect(result.ranking.objective.metric).toBe("mdape");
  }, 180_000);

  it("finds and proves the flag where there is no git, from the source that the store keeps", async () => {
    const result = await runEst({ store, lineage, generated: true, small: true, git: false });
    expectProvenFlag(result);
    expect(result.refactoring.files).toBeGreaterThanOrEqual(6);
    const { id } = result.runs.at(-1) as EstRun;
    const source = await lineage.runs.component({ id, component: "source" });
    expect(Object.keys(source).filter((path) => path.startsWith("git/"))).toEqual([]);
  }, 180_000);

  it("names no cause for runs that differ by their seed alone", async () => {
    const proofs = await proveSeedOnlyPairs({ store, lineage, generated: true, small: true, pairs: 2 });
    expect(proofs).toHaveLength(2);
    for (const proof of proofs) {
      expect(["noise", "not-reproduced"]).toContain(proof.verdict);
      expect(proof).toMatchObject({ falseCauses: [] });
      expect(proof.runsUsed).toBeLessThanOrEqual(20);
    }
  }, 120_000);

  it("says what is wrong with a folder of data before it makes anything", async () => {
    const workdir = join(home, "untouched");
    await expect(runEst({ store, lineage, data: join(home, "nowhere"), workdir })).rejects.toMatchObject({
      code: "DATA_NOT_FOUND",
    });
    expect(existsSync(workdir)).toBe(false);
  });

  it("ends when it is told to", async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const ended = runEst({
      store,
      lineage,
      generated: true,
      small: true,
      signal,
      say: (line) => line.startsWith("Recorded") && controller.abort(new Error("enough")),
    });
    await expect(ended).rejects.toThrow("enough");
  }, 60_000);
});

const hasPostgres = findPostgres() !== null;
describe.skipIf(!hasPostgres)(`sales in Postgres${hasPostgres ? "" : " (skipped: no server is installed)"}`, () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server?.stop());

  it("are extracted as from the embedded database", async () => {
    const extracts: string[] = [];
    for (const database of [server.uri, undefined]) {
      const workshop = await openWorkshop({
        store,
        lineage,
        generated: true,
        small: true,
        ...(database === undefined ? {} : { database }),
      });
      await workshop.commit("before", "first");
      const folder = join(workshop.projectRoot, "data");
      const [file = ""] = readdirSync(folder);
      extracts.push(readFileSync(join(folder, file), "utf8"));
      await workshop.close({ remove: true });
    }
    expect(extracts[0]?.split("\n").length).toBeGreaterThan(4900);
    expect(extracts[0]).toBe(extracts[1]);
  }, 60_000);
});

const gatewayProgram = fileURLToPath(new URL("../../../gateway/dist/bin.js", import.meta.url));
const caseProgram = fileURLToPath(new URL("../../dist/bin.js", import.meta.url));
const areBuilt = existsSync(gatewayProgram) && existsSync(caseProgram);
describe.skipIf(!areBuilt)(`through a gateway${areBuilt ? "" : " (skipped: gateway and cases are not built)"}`, () => {
  it("ends with the sentence, as npm start does, and the gateway serves the verdict", async () => {
    const folder = mkdtempSync(join(home, "start-"));
    const gateway = start([gatewayProgram, "--port", "0", "--store", `file:${join(folder, ".deepwright")}`], folder);
    try {
      const address = await gateway.line(/^(http:\S+)$/m);
      const temporary = mkdtempSync(join(home, "temporary-"));
      const words = [
        caseProgram,
        "est",
        "--small",
        "--generated",
        "--store",
        address,
        "--workdir",
        join(folder, "work"),
      ];
      const est = start(words, folder, { TMPDIR: temporary });
      expect(await est.ended, est.output()).toBe(0);
      const last = est.output().trimEnd().split("\n").at(-1) ?? "";
      expect(last).toContain(`Proven: "${flag}" is the cause.`);
      const remote = await openLineage(address);
      const run = await remote.runs.resolveRun({ reference: "latest", project: "est-generated-small" });
      expect((await readVerdict(remote.runs, run.id))?.sentence).toBe(last);
      await remote.close();
      expect(existsSync(join(folder, ".deepwright", "cases", "est", "report.md"))).toBe(true);
      const work = join(folder, "work", "easy");
      expect(est.output()).toContain(`The project with its history stays in ${work}`);
      expect(readdirSync(work).sort()).toEqual(["packages", "project", "sales-database"]);
      expect(readdirSync(temporary)).toEqual([]);
    } finally {
      gateway.child.kill("SIGINT");
      await gateway.ended;
    }
  }, 180_000);

  it("works on a computer without git, and leaves nothing behind but the report", async () => {
    const folder = mkdtempSync(join(home, "no-git-"));
    const programs = mkdtempSync(join(home, "programs-"));
    // Not what PATH leads to, which may be a script that needs other programs.
    const python = spawnSync("python3", ["-c", "import sys; print(sys.executable)"], { encoding: "utf8" });
    if (python.status === 0) symlinkSync(python.stdout.trim(), join(programs, "python3"));
    const temporary = mkdtempSync(join(home, "temporary-"));
    const words = [caseProgram, "est", "--small", "--generated", "--store", `file:${join(folder, ".deepwright")}`];
    const est = start(words, folder, { TMPDIR: temporary, PATH: programs });
    expect(await est.ended, est.output()).toBe(0);
    expect(est.output().trimEnd().split("\n").at(-1)).toContain(`Proven: "${flag}" is the cause.`);
    expect(readdirSync(join(folder, ".deepwright", "cases", "est")).sort()).toContain("report.md");
    expect(readdirSync(temporary)).toEqual([]);
  }, 180_000);

  it("refuses what it can't do with the code of the error", async () => {
    const { ended, output } = start([caseProgram, "est", "--data", join(home, "nowhere")], home);
    expect(await ended).toBe(2);
    expect(output()).toContain("DATA_NOT_FOUND");
  }, 30_000);
});

/** Starts a Node program and collects what it writes. */
function start(words: readonly string[], cwd: string, environment: Readonly<Record<string, string>> = {}) {
  const env = { ...process.env, ...environment };
  const child = spawn(process.execPath, words, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  let text = "";
  const listeners = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
      for (const listener of listeners) listener();
    });
  }
  const ended = new Promise<number | null>((resolve) => child.once("close", (exitCode) => resolve(exitCode)));
  return {
    child,
    ended,
    output: () => text,
    line: (pattern: RegExp): Promise<string> =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = pattern.exec(text)?.[1];
          if (found !== undefined) resolve(found);
        };
        listeners.add(look);
        void ended.then(() => reject(new Error(`it ended before it said ${pattern}: ${text}`)));
        look();
      }),
  };
}
