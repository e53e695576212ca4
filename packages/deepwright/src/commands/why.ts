import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { DeepwrightError } from "@deepwright/core";
import type { Objective } from "@deepwright/lineage";
import type { Command } from "commander";
import type { CliCommand } from "../command.js";
import type { CliContext } from "../context.js";

interface WhyOptions {
  readonly project?: string;
  readonly vs?: string;
  readonly metric?: string;
  readonly direction?: string;
  readonly html?: string;
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
      .action((reference: string, options: WhyOptions) => why(reference, options, cli));
  },
};

async function why(reference: string, options: WhyOptions, cli: CliContext): Promise<void> {
  const direction = parseDirection(options.direction);
  const [{ runs }, { explainRegression, metricPoints, renderWhy, whyHtml }] = await Promise.all([
    cli.openLineage(),
    import("@deepwright/lineage"),
  ]);
  const of = options.project === undefined ? {} : { project: options.project };
  const run = await runs.resolveRun({ reference, ...of });
  const baseline = options.vs === undefined ? undefined : await runs.resolveRun({ reference: options.vs, ...of });
  const report = await explainRegression(runs, {
    runId: run.id,
    ...(baseline === undefined ? {} : { vs: baseline.id }),
    ...(options.metric === undefined ? {} : { metric: options.metric }),
    ...(direction === undefined ? {} : { direction }),
  });
  if (options.html !== undefined) {
    const file = resolve(cli.streams.workingDirectory, options.html);
    await writeReport(file, whyHtml(report, await metricPoints(runs, report)));
    cli.note(`Report written to ${file}`);
  }
  cli.print(report, () => renderWhy(report, { color: cli.color }));
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

async function writeReport(file: string, html: string): Promise<void> {
  try {
    await writeFile(file, html);
  } catch (error) {
    throw new DeepwrightError({
      code: "REPORT_NOT_WRITTEN",
      kind: "unavailable",
      expected: `to write ${file}`,
      got: error instanceof Error ? error.message : String(error),
      todo: "Name a file in a folder that exists and that you may write to.",
      cause: error,
    });
  }
}
