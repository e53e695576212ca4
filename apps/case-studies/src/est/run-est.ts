import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Clock, type RunId, systemClock } from "@deepwright/core";
import {
  attachProof,
  metricPoints,
  type ProofReport,
  recordVerdict,
  type WhyReport,
  whyHtml,
} from "@deepwright/lineage";
import { forms } from "./project/form.js";
import type { VersionSize } from "./project/history.js";
import { metricPlot, proofPlot } from "./report/plots.js";
import { reportMarkdown } from "./report/report-markdown.js";
import { openWorkshop, type ProofChoice, type Workshop, type WorkshopOptions } from "./workshop.js";

export interface EstOptions extends WorkshopOptions, Pick<ProofChoice, "jobs" | "maxRuns"> {
  /** Folder for `report.md`, its plots and `why.html`. Default: none is written. */
  readonly out?: string;
  readonly clock?: Clock;
  /** Told a line of progress at a time. */
  readonly say?: (line: string) => void;
}

/** One recorded run of the case. */
export interface EstRun {
  readonly id: RunId;
  readonly version: "before" | "after";
  readonly seed: number;
  readonly metrics: Readonly<Record<string, number>>;
}

export interface EstResult {
  /** The answer. */
  readonly sentence: string;
  /** The report as ranked, before anything was run again. */
  readonly ranking: WhyReport;
  /** The report with its proof, as it is stored. */
  readonly report: WhyReport;
  readonly proof: ProofReport;
  readonly runs: readonly EstRun[];
  /** Size of the refactoring commit. */
  readonly refactoring: VersionSize;
  readonly data: { readonly origin: string; readonly isGenerated: boolean };
  /** Time of each phase in milliseconds. */
  readonly phasesMs: Readonly<Record<string, number>>;
  readonly workdir: string;
}

/** Repeats of each version, and fewer of them in a small case. */
const seeds = { before: [1, 2, 3, 4, 5], after: [6, 7, 8] };
const fewSeeds = { before: [1, 2, 3], after: [4, 5] };

/**
 * The regression of the valuation project from raw data to the proven sentence: loads the sales, makes the pipeline's
 * repository, records runs before and after the refactoring, asks why the newest is worse, and proves the answer by
 * re-runs. The verdict is stored with the run.
 *
 * @throws DeepwrightError as {@link openWorkshop}, `explainRegression` and `prove` do; an aborted signal throws its reason
 * @example
 * ```ts
 * const { sentence } = await runEst({ store: "file:.deepwright", small: true });
 * console.log(sentence);
 * // Proven: "source.shuffle: false -> true (pipeline.toml)" is the cause. Reverting it restores …
 * ```
 */
export async function runEst(options: EstOptions = {}): Promise<EstResult> {
  const { say = () => undefined, clock = systemClock, form = "easy" } = options;
  const { metric } = forms[form];
  const phasesMs: Record<string, number> = {};
  const timed = async <Result>(phase: string, work: () => Promise<Result>): Promise<Result> => {
    const startMs = clock.monotonic();
    const result = await work();
    phasesMs[phase] = Math.round(clock.monotonic() - startMs);
    return result;
  };
  const workshop = await timed("load", () => openWorkshop(options));
  try {
    const { isGenerated, origin } = workshop.sales;
    say(`Sales database: ${origin}`);
    const recorded = await timed("record", () =>
      recordVersions(workshop, metric, options.small ? fewSeeds : seeds, say),
    );
    const { runs, refactoring } = recorded;
    const newest = runs.at(-1) as EstRun;
    const ranking = await timed("rank", () => workshop.explain(newest.id));
    sayRanking(ranking, say);
    const proof = await timed("prove", () =>
      workshop.prove(ranking, { ...proofChoice(options), ...tellRerun(ranking, say) }),
    );
    const report = attachProof(ranking, proof);
    await recordVerdict(workshop.lineage.runs, report);
    const data = { isGenerated, origin };
    const result = { sentence: report.sentence, ranking, report, proof, runs, refactoring, data, phasesMs };
    if (options.out !== undefined) {
      const { out } = options;
      await timed("report", async () =>
        writeReport(out, { ...result, workdir: workshop.workdir }, await metricPoints(workshop.lineage.runs, report)),
      );
      say(`Report: ${join(out, "report.md")} and why.html beside it`);
    }
    return { ...result, workdir: workshop.workdir };
  } finally {
    await workshop.close({ remove: options.workdir === undefined });
  }
}

async function recordVersions(
  workshop: Workshop,
  metric: string,
  seedsOf: Readonly<Record<EstRun["version"], readonly number[]>>,
  say: (line: string) => void,
) {
  const runs: EstRun[] = [];
  const recordAll = async (version: EstRun["version"]): Promise<void> => {
    for (const seed of seedsOf[version]) {
      const id = await workshop.record(seed);
      const { metrics } = await workshop.lineage.runs.getRun({ id });
      const values = Object.fromEntries(Object.entries(metrics).map(([name, { last }]) => [name, last]));
      runs.push({ id, version, seed, metrics: values });
      say(`Recorded ${version} the refactoring, seed ${seed}: ${metric} ${values[metric]?.toFixed(2)} %`);
    }
  };
  await workshop.commit("before", "Valuation 4.7.0");
  await recordAll("before");
  const refactoring = await workshop.commit("after", "Valuation 4.8.0: tidy the pipeline, refresh the extract");
  say(`Refactoring committed: ${refactoring.hunks} hunks in ${refactoring.files} files`);
  await recordAll("after");
  return { runs, refactoring };
}

const shownCauses = 5;

function sayRanking(ranking: WhyReport, say: (line: string) => void): void {
  say(ranking.worse.sentence);
  say(`Ranked without a re-run, ${ranking.causes.length} differences:`);
  ranking.causes.slice(0, shownCauses).forEach(({ difference, score }, index) => {
    say(`  ${index + 1}. ${Math.round(score * 100)} % ${difference.title}`);
  });
}

function proofChoice({ jobs, maxRuns }: EstOptions): ProofChoice {
  return { ...(jobs === undefined ? {} : { jobs }), ...(maxRuns === undefined ? {} : { maxRuns }) };
}

function tellRerun({ objective }: WhyReport, say: (line: string) => void): Pick<ProofChoice, "onProgress"> {
  return {
    onProgress(event) {
      if (event.type !== "rerun-end") return;
      const what = event.reverted.length === 0 ? "nothing" : `${event.reverted.length} of the differences`;
      const outcome =
        event.value === null ? `failed: ${event.failure}` : `${objective.metric} ${event.value.toFixed(2)} %`;
      say(`Re-run with ${what} reverted: ${outcome}${event.resumed ? " (from an earlier attempt)" : ""}`);
    },
  };
}

async function writeReport(
  out: string,
  result: EstResult,
  points: Awaited<ReturnType<typeof metricPoints>>,
): Promise<void> {
  await mkdir(out, { recursive: true });
  await Promise.all([
    writeFile(join(out, "report.md"), reportMarkdown(result)),
    writeFile(join(out, "metric.svg"), metricPlot(result)),
    writeFile(join(out, "proof.svg"), proofPlot(result)),
    writeFile(join(out, "why.html"), whyHtml(result.report, points)),
  ]);
}
