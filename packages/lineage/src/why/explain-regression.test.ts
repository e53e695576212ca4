import { isDeepwrightError, newId, type RunId, seededRng } from "@deepwright/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ProofReport } from "../contract/index.js";
import { renderWhy, whyHtml } from "../report/index.js";
import { attachProof } from "./attach-proof.js";
import { type ExplainOptions, explainRegression } from "./explain-regression.js";
import { memoryRuns, type RunDescription } from "./testing/memory-runs.js";
import { type SimulationOptions, simulate } from "./testing/simulate.js";
import { readVerdict, recordVerdict } from "./verdict-fact.js";

async function explain(runs: readonly RunDescription[], options: Partial<ExplainOptions> = {}) {
  const { service, add } = memoryRuns();
  const ids = runs.map(add);
  const runId = ids.at(-1);
  if (runId === undefined) throw new Error("no run");
  return { report: await explainRegression(service, { runId, ...options }), ids, service };
}

async function errorCode(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    return isDeepwrightError(error) ? error.code : String(error);
  }
  return "no error";
}

/** Where the true cause stands in the ranking over many simulated histories. */
async function measure(seed: number, rounds: number, options: SimulationOptions) {
  const rng = seededRng(seed);
  const ranks: number[] = [];
  let worse = 0;
  let leadingScore = 0;
  for (let round = 0; round < rounds; round++) {
    const simulation = simulate(rng, options);
    const { report } = await explain(simulation.runs);
    ranks.push(report.causes.findIndex(({ difference }) => difference.title.includes(simulation.cause)));
    if (report.worse.worse === "yes") worse += 1;
    leadingScore += report.causes[0]?.score ?? 0;
  }
  const within = (limit: number): number => ranks.filter((rank) => rank >= 0 && rank < limit).length / rounds;
  return { first: within(1), third: within(3), worse: worse / rounds, leadingScore: leadingScore / rounds };
}

describe("ranking over simulated histories", () => {
  it("names a flipped shuffle flag among the first three of 26 differences, without any history", async () => {
    const { third, first } = await measure(6, 40, {
      changeCount: 26,
      commits: 0,
      loss: 30,
      stagedShare: 0,
      cause: "shuffle:",
    });
    expect(third).toBe(1);
    expect(first).toBeGreaterThanOrEqual(0.9);
  });

  it("beats guessing by far for any cause, the more so with history", async () => {
    const alone = await measure(5, 80, { changeCount: 26, commits: 0, loss: 30, stagedShare: 0 });
    const history = await measure(5, 80, { changeCount: 26, commits: 6, loss: 30, stagedShare: 0.7 });
    // Three guesses of 26 are right in 12 % of the cases.
    expect(alone.third).toBeGreaterThan(0.2);
    expect(history.third).toBeGreaterThan(0.55);
    expect(history.worse).toBeGreaterThan(0.9);
    // The first score says about how often the first cause is right.
    expect(Math.abs(history.leadingScore - history.first)).toBeLessThan(0.2);
  });
});

const seedRun = (seed: number, mape: number, more: Partial<RunDescription> = {}): RunDescription => ({
  configuration: { "api/seed": seed, "api/shuffle": false },
  files: { "train.py": 'main(config["shuffle"])\n' },
  metrics: { mape },
  ...more,
});

describe("runs that differ only by their seed", () => {
  it("are called worse in at most 5 of 100 pairs, and no seed is a cause", async () => {
    const rng = seededRng(17);
    let worse = 0;
    for (let pair = 0; pair < 100; pair++) {
      const runs = Array.from({ length: 6 }, (_, seed) => seedRun(seed, 15 + 0.1 * rng.normal()));
      const vs = pair % 2 === 0;
      const { service, add } = memoryRuns();
      const ids = runs.map(add) as [RunId, ...RunId[]];
      const report = await explainRegression(service, { runId: ids.at(-1) as RunId, ...(vs ? { vs: ids[0] } : {}) });
      if (report.worse.worse === "yes") worse += 1;
      expect(report.causes).toEqual([]);
      expect(report.excluded.map(({ difference }) => difference.seed)).toEqual([true]);
    }
    expect(worse).toBeLessThanOrEqual(5);
  });

  it("are said to be worse when the loss is beyond any noise: something was not recorded", async () => {
    const rng = seededRng(18);
    const runs = Array.from({ length: 8 }, (_, seed) => seedRun(seed, 15 + 0.1 * rng.normal()));
    const { report } = await explain([...runs, seedRun(9, 25)]);
    expect(report.worse.worse).toBe("yes");
    expect(report.sentence).toContain("Nothing that was recorded differs");
  });
});

describe("whether it is worse", () => {
  const flipped = (mape: number) => seedRun(9, mape, { configuration: { "api/seed": 9, "api/shuffle": true } });

  it("can't be told from two runs, and is told from repeats", async () => {
    const two = await explain([seedRun(1, 14.8), flipped(23.7)]);
    expect(two.report.worse.worse).toBe("cannot-tell");
    expect(two.report.worse.noise).toBeNull();
    expect(two.report.causes[0]?.difference.title).toBe("shuffle: false -> true");
    const repeats = await explain([seedRun(1, 14.8), seedRun(2, 14.9), seedRun(3, 14.7), flipped(23.7)]);
    expect(repeats.report.worse).toMatchObject({ worse: "yes", noise: { runs: 3 } });
    expect(repeats.report.worse.pValue).toBeLessThan(0.001);
    expect(repeats.report.sentence).toMatch(/^The likeliest cause is shuffle: false -> true/);
    const within = await explain([
      ...[14.8, 14.9, 14.7, 15.0, 14.6].map((mape, seed) => seedRun(seed, mape)),
      flipped(14.85),
    ]);
    expect(within.report.worse.worse).toBe("no");
  });

  it("keeps its error rate when a harmless change comes with the seed", async () => {
    const rng = seededRng(19);
    let worse = 0;
    const rounds = 200;
    for (let round = 0; round < rounds; round++) {
      const runs = Array.from({ length: 5 }, (_, seed) => seedRun(seed, 15 + 0.1 * rng.normal()));
      const { report } = await explain([...runs, flipped(15 + 0.1 * rng.normal())]).catch((error: unknown) => {
        // No run is better: there is nothing to explain.
        expect(isDeepwrightError(error) && error.code).toBe("NO_BASELINE");
        return { report: null };
      });
      if (report?.worse.worse === "yes") worse += 1;
    }
    expect(worse / rounds).toBeLessThanOrEqual(0.05 + 3 * Math.sqrt((0.05 * 0.95) / rounds));
  });

  it("takes a diverged run as worse, and metrics to maximize the other way", async () => {
    const nan = await explain([seedRun(1, 14.8), flipped(Number.NaN)]);
    expect(nan.report.worse).toMatchObject({ worse: "yes", after: Number.NaN });
    const accuracy = (value: number, shuffle: boolean, seed: number): RunDescription => ({
      configuration: { "api/shuffle": shuffle, "api/seed": seed },
      metrics: { val_accuracy: value },
    });
    const runs = [0.91, 0.912, 0.909].map((value, seed) => accuracy(value, false, seed));
    const up = await explain([...runs, accuracy(0.7, true, 5)]);
    expect(up.report.objective).toEqual({ metric: "val_accuracy", direction: "maximize" });
    expect(up.report.worse).toMatchObject({ worse: "yes" });
    expect(up.report.worse.loss).toBeCloseTo(0.21, 2);
  });
});

describe("noise", () => {
  it("is found in repeats whose seed stands in a configuration file that is source too", async () => {
    const run = (seed: number, shuffle: boolean, mape: number): RunDescription => ({
      files: { "config.json": `{"seed": ${seed}, "shuffle": ${shuffle}}`, "train.py": "import config\n" },
      configuration: { "files/config.json/seed": seed, "files/config.json/shuffle": shuffle },
      source: { "git/commit": String(seed), "git/dirty": true },
      data: { "inputs/rows/bytes": "a", "inputs/rows/uri": `run-${seed}/rows.csv` },
      model: { "files/model/sha256": String(seed) },
      metrics: { mape },
    });
    const { report } = await explain([run(1, false, 14.8), run(2, false, 14.9), run(3, false, 14.7), run(4, true, 20)]);
    expect(report.worse).toMatchObject({ worse: "yes", noise: { runs: 3 } });
    expect(report.causes.map(({ difference }) => difference.path)).toContain("files/config.json/shuffle");
  });
});

describe("history", () => {
  it("exonerates what good runs had already", async () => {
    const run = (lr: number, window: number, seed: number, mape: number): RunDescription => ({
      configuration: { "api/lr": lr, "api/window": window, "api/seed": seed },
      files: { "train.py": 'use(config["lr"], config["window"])\n' },
      metrics: { mape },
    });
    const { report } = await explain([
      run(0.1, 20, 1, 14.8),
      run(0.1, 20, 2, 14.7),
      run(0.2, 20, 3, 14.75),
      run(0.2, 20, 4, 14.85),
      run(0.1, 40, 5, 19.9),
      run(0.2, 40, 6, 20),
    ]);
    const [first, second] = report.causes;
    expect(first?.difference.path).toBe("api/window");
    // The nearest better run had the learning rate already, so that it is no difference at all.
    expect(second).toBeUndefined();
  });

  it("weighs the runs between when the baseline is far", async () => {
    const run = (lr: number, window: number, seed: number, mape: number): RunDescription => ({
      configuration: { "api/lr": lr, "api/window": window, "api/seed": seed },
      metrics: { mape },
    });
    const { service, add } = memoryRuns();
    const base = add(run(0.1, 20, 1, 14.8));
    add(run(0.1, 20, 2, 14.7));
    add(run(0.2, 20, 3, 14.75));
    const bad = add(run(0.2, 40, 6, 20));
    const report = await explainRegression(service, { runId: bad, vs: base });
    const [first, second] = report.causes;
    expect([first?.difference.path, second?.difference.path]).toEqual(["api/window", "api/lr"]);
    const exonerated = second?.evidence.find(({ kind }) => kind === "history");
    expect(exonerated?.weight).toBeLessThan(-1);
    expect(exonerated?.sentence).toBe("Present in 1 other run (mape 14.75 on average).");
    expect(exonerated?.effect?.low).toBeLessThan(0.5);
    const effect = first?.evidence.find(({ kind }) => kind === "history")?.effect;
    expect(effect && effect.low < 5.2 && 5.2 < effect.high + 0.5).toBe(true);
  });
});

describe("structure", () => {
  it("never ranks a seed, a consequence or a cosmetic change, and scores sum to at most 1", async () => {
    const leaf = fc.oneof(fc.boolean(), fc.integer({ min: 0, max: 3 }), fc.constantFrom("", "a", "b"));
    const map = (keys: readonly string[]) =>
      fc.record(Object.fromEntries(keys.map((key) => [key, leaf])), { requiredKeys: [] });
    const side = fc.record({
      configuration: map(["api/seed", "api/random_state", "api/shuffle", "arguments/--lr", "files/c.yaml/x"]),
      platform: map(["environment/PYTHONHASHSEED", "packages/python/numpy", "os/release", "environment/TZ"]),
      data: map(["inputs/a/rows", "inputs/a/order", "outputs/b/rows"]),
      model: map(["files/m/sha256"]),
      text: fc.constantFrom("a = 1\n", "a = 1  # x\n", "a = 2\n", "\na = 1\n", "seed = 1\n", "seed = 2\n"),
    });
    const describeRun = (
      { text, ...components }: typeof side extends fc.Arbitrary<infer T> ? T : never,
      mape: number,
    ): RunDescription => ({
      ...(components as Pick<RunDescription, "configuration" | "platform" | "data" | "model">),
      files: { "train.py": text },
      metrics: { mape },
    });
    await fc.assert(
      fc.asyncProperty(side, side, fc.array(side, { maxLength: 4 }), async (before, after, others) => {
        const { service, add } = memoryRuns();
        const base = add(describeRun(before, 14));
        for (const [index, other] of others.entries()) add(describeRun(other, 14 + index));
        const bad = add(describeRun(after, 20));
        const { causes, excluded } = await explainRegression(service, { runId: bad, vs: base });
        for (const { difference, score } of causes) {
          expect(difference.seed || difference.consequence || difference.hunk?.cosmetic === true).toBe(false);
          expect(score).toBeGreaterThanOrEqual(0);
        }
        expect(causes.reduce((sum, { score }) => sum + score, 0)).toBeLessThanOrEqual(1 + 1e-9);
        expect([...causes].sort((a, b) => b.score - a.score)).toEqual(causes);
        const ids = [...causes, ...excluded].map(({ difference }) => difference.id);
        expect(new Set(ids).size).toBe(ids.length);
      }),
      { numRuns: 100 },
    );
  });

  it("takes no proof, lost, running, archived or foreign run as a baseline", async () => {
    const better = (more: Partial<RunDescription>) => seedRun(1, 1, more);
    const unusable: Partial<RunDescription>[] = [
      { purpose: "proof" },
      { status: "lost" },
      { status: "running" },
      { status: "failed" },
      { archived: true },
      { project: "other" },
      { command: ["python", "evaluate.py"] },
      { metrics: { rmse: 1 } },
    ];
    const flipped = seedRun(2, 20, { configuration: { "api/shuffle": true } });
    for (const more of unusable) expect(await errorCode(explain([better(more), flipped]))).toBe("NO_BASELINE");
    expect((await explain([better({}), flipped])).report.worse.before).toBe(1);
  });

  it("refuses runs of other tasks, unknown metrics and unclear objectives with typed errors", async () => {
    const { service, add } = memoryRuns();
    const run = add(seedRun(1, 15));
    const foreign = add(seedRun(1, 14, { project: "other" }));
    const program = add(seedRun(1, 14, { command: ["python", "evaluate.py"] }));
    const unclear = add({ metrics: { alpha: 1, beta: 2 } });
    const two = add({ metrics: { rmse: 1, mae: 2 } });
    expect(await errorCode(explainRegression(service, { runId: run, vs: foreign }))).toBe("RUNS_NOT_COMPARABLE");
    expect(await errorCode(explainRegression(service, { runId: run, vs: program }))).toBe("RUNS_NOT_COMPARABLE");
    expect(await errorCode(explainRegression(service, { runId: run, metric: "auc" }))).toBe("METRIC_NOT_RECORDED");
    expect(await errorCode(explainRegression(service, { runId: unclear }))).toBe("OBJECTIVE_UNKNOWN");
    expect(await errorCode(explainRegression(service, { runId: unclear, metric: "alpha" }))).toBe("OBJECTIVE_UNKNOWN");
    expect(await errorCode(explainRegression(service, { runId: two }))).toBe("OBJECTIVE_UNKNOWN");
  });
});

describe("proof", () => {
  it("comes first in the report, is stored, and is found again", async () => {
    const rng = seededRng(3);
    const simulation = simulate(rng, { changeCount: 10, commits: 2, loss: 20, stagedShare: 0 });
    const { report, service } = await explain(simulation.runs);
    const cause = report.causes[4];
    if (!cause) throw new Error("five causes were expected");
    const proof: ProofReport = {
      verdict: "proven",
      causes: [cause.difference],
      restored: { estimate: 0.98, low: 0.9, high: Number.POSITIVE_INFINITY },
      errorRate: 0.05,
      runsUsed: 12,
      differenceCount: report.causes.length,
      notRevertible: [],
      steps: [
        { reverted: [cause.difference.id], runIds: [newId<"run">()], values: [15, Number.NaN], decision: "restored" },
      ],
      sentence: "Proven: that one is the cause.",
    };
    const proven = attachProof(report, proof);
    expect(proven.causes[0]?.difference.id).toBe(cause.difference.id);
    expect(proven.causes[0]?.evidence[0]).toMatchObject({
      kind: "proof",
      sentence: "Re-runs prove it: reverting it alone restores 98 % of the loss.",
    });
    expect(proven.causes.reduce((sum, { score }) => sum + score, 0)).toBeLessThanOrEqual(1);
    expect(proven.sentence).toBe(proof.sentence);
    expect(renderWhy(proven).split(proof.sentence)).toHaveLength(2);
    expect(whyHtml(proven).split(proof.sentence)).toHaveLength(2);
    const twice = attachProof(proven, { ...proof, restored: null });
    expect(twice.causes[0]?.evidence.filter(({ kind }) => kind === "proof")).toMatchObject([
      { sentence: "Re-runs prove it: reverting it alone restores the metric." },
    ]);
    await recordVerdict(service, proven);
    const stored = await readVerdict(service, report.runId, report.baselineId);
    expect(stored?.proof).toEqual(proof);
    const again = await explainRegression(service, { runId: report.runId, vs: report.baselineId });
    expect(again.proof).toEqual(proof);
    expect(again.causes[0]?.difference.id).toBe(cause.difference.id);
  });
});
