import { joinPath, type Leaf, manualClock, newId, type RunId, seededRng } from "@deepwright/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { LineageEvent } from "../contract/index.js";
import { blobId, diffRuns } from "../diff/index.js";
import { metricPoints, renderDiff, renderWhy, whyHtml } from "../report/index.js";
import { engines, points, runStart, type TestLineage, TestLog } from "../runs/lineages.test.support.js";
import { explainRegression } from "./explain-regression.js";
import type { RunDescription } from "./testing/memory-runs.js";
import { simulate } from "./testing/simulate.js";
import { readVerdict } from "./verdict-fact.js";

/** The events that a recorder sends for a described run. */
function eventsOf(description: RunDescription, runId: RunId, project: string, startedAtMs: number): LineageEvent[] {
  const source: Record<string, Leaf> = {};
  const blobs: LineageEvent[] = [];
  for (const [file, text] of Object.entries(description.files ?? {})) {
    const content = Buffer.from(text);
    source[joinPath("files", file)] = blobId(content);
    blobs.push({ type: "blob", runId, hash: blobId(content), base64: content.toString("base64") });
  }
  const { configuration = {}, platform = {}, data = {}, model = {} } = description;
  const components = { source, configuration, platform, data, model } as const;
  const metrics = Object.fromEntries(Object.entries(description.metrics ?? {}).map(([name, value]) => [name, [value]]));
  return [
    runStart({ runId, project, startedAtMs, name: description.name ?? "run" }),
    ...blobs,
    ...(["source", "configuration", "platform", "data", "model"] as const).map(
      (component): LineageEvent => ({ type: "component", runId, component, entries: components[component] }),
    ),
    points(runId, metrics),
    { type: "run-end", runId, status: "finished", endedAtMs: startedAtMs + 5000, exitCode: 0, signal: null },
  ];
}

describe.each(engines)("why on runs stored in $name", ({ available, open }) => {
  const clock = manualClock();
  let lineage: TestLineage;
  beforeAll(async () => {
    if (available) lineage = await open(clock);
  }, 120_000);
  afterAll(async () => lineage?.end(), 60_000);

  async function store(project: string, runs: readonly RunDescription[]): Promise<RunId[]> {
    const log = new TestLog(lineage);
    const ids: RunId[] = [];
    for (const [index, run] of runs.entries()) {
      const id = newId<"run">();
      ids.push(id);
      await log.send(...eventsOf(run, id, project, clock.now() + index * 60_000));
    }
    return ids;
  }

  it.skipIf(!available)(
    "names a flipped shuffle flag first among 26 differences, stores the verdict and reports it",
    async () => {
      const simulation = simulate(seededRng(4), {
        changeCount: 26,
        commits: 4,
        loss: 60,
        stagedShare: 0,
        cause: "shuffle:",
      });
      const ids = await store("est", simulation.runs);
      const runId = ids.at(-1) as RunId;
      const report = await explainRegression(lineage.runs, { runId });
      expect(report.worse.worse).toBe("yes");
      expect(report.causes.length + report.excluded.length).toBeGreaterThanOrEqual(26);
      expect(report.causes[0]?.difference.title).toBe("shuffle: false -> true (config.yaml)");
      expect(report.objective).toEqual({ metric: "mape", direction: "minimize" });
      expect(await readVerdict(lineage.runs, runId)).toEqual(report);
      const html = whyHtml(report, await metricPoints(lineage.runs, report));
      expect(html).toContain("shuffle: false -&gt; true (config.yaml)");
      expect(Buffer.byteLength(html)).toBeLessThan(300_000);
      expect(renderWhy(report)).toContain("other things are equal");
      const diff = await diffRuns(lineage.runs, report.baselineId, runId);
      expect(diff.differences.filter(({ seed }) => seed)).toHaveLength(1);
      expect(renderDiff(diff)).toContain("shuffle: false -> true (config.yaml)");
    },
  );

  it.skipIf(!available)("keeps infinities and NaN through the store", async () => {
    const run = (shuffle: boolean, loss: number): RunDescription => ({
      configuration: { "api/shuffle": shuffle },
      metrics: { loss },
    });
    const ids = await store("diverged", [run(false, 1), run(true, Number.NaN)]);
    const report = await explainRegression(lineage.runs, { runId: ids[1] as RunId });
    expect(report.worse).toMatchObject({ worse: "yes", loss: Number.POSITIVE_INFINITY });
    expect((await readVerdict(lineage.runs, report.runId))?.worse.after).toBeNaN();
  });
});
