import { resolve } from "node:path";
import { DeepwrightError, parseDuration } from "@deepwright/core";
import type { Objective, RunService, WhyReport } from "@deepwright/lineage";
import type { Command } from "commander";
import type { CliCommand } from "../command.js";
import type { CliContext } from "../context.js";
import { invalidOption, parseShare, parseWhole } from "../parse-options.js";
import { ProveProgress } from "../prove-progress.js";
import { remarkOtherProject, resolveRun } from "../resolve-run.js";
import { writeTextFile } from "../write-text-file.js";

interface WhyOptions {
  readonly project?: string;
  readonly vs?: string;
  readonly metric?: string;
  readonly direction?: string;
  readonly html?: string;
  readonly prove?: boolean;
  readonly jobs: string;
  readonly maxRuns: string;
  readonly maxTime?: string;
  readonly errorRate: string;
}

export const command: CliCommand = {
  configure(program: Command, cli: CliContext): void {
    program
      .argument("[run]", "the run in question: id, start of an id, name, or `latest`", "latest")
      .option("--project <name>", "of which `latest` or a name is meant")
      .option("--vs <run>", "the baseline (default: the nearest comparable better run)")
      .option("--metric <name>", "what the run is judged by (default: its objective, or what the names tell)")
      .option("--direction <way>", "minimize or maximize (default: what the metric's name tells)")
      .option("--html <file>", "write a report of one file")
      .option("--prove", "re-run with differences reverted until the cause is proven; Ctrl-C keeps what is done")
      .option("--jobs <count>", "re-runs at the same time, 1 to 256", "1")
      .option("--max-runs <count>", "most re-runs in all", "60")
      .option("--max-time <duration>", "most time, such as 90s, 30m or 2h")
      .option("--error-rate <share>", "chance of naming a wrong cause, above 0 and below 1", "0.05")
      .action((reference: string, options: WhyOptions) => why(reference, options, cli));
  },
};

async function why(reference: string, options: WhyOptions, cli: CliContext): Promise<void> {
  const direction = parseDirection(options.direction);
  const budget = proofBudget(options);
  const [{ runs }, { explainRegression, metricPoints, renderWhy, whyHtml }] = await Promise.all([
    cli.openLineage(),
    import("@deepwright/lineage"),
  ]);
  const run = await resolveRun(runs, reference, options.project, cli);
  // A name means a run of the same project first, so that no other task is compared by mistake.
  const { vs, project } = options;
  const baseline = vs === undefined ? undefined : await resolveRun(runs, vs, project, cli, run.project);
  if (baseline !== undefined) remarkOtherProject(baseline, run, cli);
  const ranked = await explainRegression(runs, {
    runId: run.id,
    ...(baseline === undefined ? {} : { vs: baseline.id }),
    ...(options.metric === undefined ? {} : { metric: options.metric }),
    ...(direction === undefined ? {} : { direction }),
  });
  const report = options.prove ? await proven(runs, ranked, budget, cli) : ranked;
  if (options.html !== undefined) {
    const file = resolve(cli.streams.workingDirectory, options.html);
    await writeTextFile(file, whyHtml(report, await metricPoints(runs, report)), "REPORT_NOT_WRITTEN");
    cli.note(`Report written to ${file}`);
  }
  cli.print(report, () => renderWhy(report, { color: cli.color }));
}

interface ProofBudget {
  readonly jobs: number;
  readonly maxRuns: number;
  readonly maxTimeMs?: number;
  readonly errorRate: number;
}

/** Checked before anything is opened, and also without `--prove`, so that a misspelled number is never ignored. */
function proofBudget(options: WhyOptions): ProofBudget {
  const maxTimeMs = options.maxTime === undefined ? undefined : parseDuration(options.maxTime);
  if (maxTimeMs !== undefined && !(maxTimeMs > 0)) {
    throw invalidOption("--max-time", "a duration above 0, such as 30m", options.maxTime ?? "");
  }
  return {
    jobs: parseWhole("--jobs", options.jobs, 1, 256),
    maxRuns: parseWhole("--max-runs", options.maxRuns, 1, Number.MAX_SAFE_INTEGER),
    errorRate: parseShare("--error-rate", options.errorRate),
    ...(maxTimeMs === undefined ? {} : { maxTimeMs }),
  };
}

/** The report with its proof, stored so that the next `why` shows it without a re-run. */
async function proven(runs: RunService, report: WhyReport, budget: ProofBudget, cli: CliContext): Promise<WhyReport> {
  const { attachProof, prove, recordVerdict } = await import("@deepwright/lineage");
  const progress = new ProveProgress(cli, budget);
  try {
    const proof = await prove({
      runs,
      report,
      store: await cli.location(),
      ...budget,
      signal: cli.signal,
      onProgress: progress.update,
    });
    const complete = attachProof(report, proof);
    await recordVerdict(runs, complete);
    return complete;
  } catch (error) {
    progress.end();
    if (cli.signal.aborted)
      cli.note("deepwright: interrupted; what was re-run is kept, the same command goes on from there");
    throw error;
  } finally {
    progress.end();
  }
}

function parseDirection(text: string | undefined): Objective["direction"] | undefined {
  if (text === undefined || text === "minimize" || text === "maximize") return text;
  throw new DeepwrightError({
    code: "INVALID_DIRECTION",
    expected: "--direction minimize or maximize",
    got: JSON.stringify(text),
    todo: "Say which way of the metric is better.",
  });
}
