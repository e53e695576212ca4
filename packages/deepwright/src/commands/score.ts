import { systemClock } from "@deepwright/core";
import type { ReadinessScore } from "@deepwright/lineage";
import { type Command, Option } from "commander";
import { chooseProject } from "../choose-project.js";
import type { CliCommand } from "../command.js";
import type { CliContext } from "../context.js";
import { invalidOption, parseWhole } from "../parse-options.js";
import { cutText, renderTable } from "../render-table.js";
import { oneLine } from "../render-values.js";

interface ScoreOptions {
  readonly project?: string;
  readonly atLeast?: string;
}

interface RecordOptions {
  readonly project?: string;
  readonly points: string;
  readonly passed?: boolean;
  readonly failed?: boolean;
  readonly summary: string;
  readonly source: string;
  readonly validDays: string;
}

const shownNext = 5;

export const command: CliCommand = {
  configure(program: Command, cli: CliContext): void {
    program
      .enablePositionalOptions()
      .option("--project <name>", "default: that of the source folder")
      .option("--at-least <points>", "exit with 1 when the score is lower, 0 to 7")
      .action((options: ScoreOptions) => score(options, cli));
    program
      .command("record")
      .description("write down evidence for one of the 28 tests")
      .argument("<test>", "data-1 .. data-7, model-1 .., infrastructure-1 .., monitoring-1 ..")
      .requiredOption("--points <points>", "0.5 for a test done by hand, 1 for an automated one")
      .addOption(new Option("--passed", "the test passed").conflicts("failed"))
      .option("--failed", "the test failed")
      .requiredOption("--summary <text>", "what was done and what came out")
      .option("--source <name>", "who or what says so; its newest word counts", "command line")
      .option("--valid-days <days>", "days until the evidence stops counting, 1 to 3650", "90")
      .option("--project <name>", "default: that of the source folder")
      .action((test: string, options: RecordOptions) => {
        // A project given before the word `record` is meant for it too.
        const project = options.project ?? program.opts<ScoreOptions>().project;
        return record(test, project === undefined ? options : { ...options, project }, cli);
      });
  },
};

async function score({ project, atLeast }: ScoreOptions, cli: CliContext): Promise<void> {
  const least = atLeast === undefined ? null : Number(atLeast);
  if (least !== null && !(least >= 0 && least <= 7))
    throw invalidOption("--at-least", "a number from 0 to 7", atLeast ?? "");
  const [lineage, { scoreProject }] = await Promise.all([cli.openLineage(), import("@deepwright/lineage")]);
  const name = await chooseProject(lineage, project, cli);
  const result = await scoreProject(lineage, { project: name, nowMs: systemClock.now() });
  if (least !== null && result.score < least) cli.exitCode = 1;
  cli.print({ project: name, ...result }, () => scoreText(name, result, cli.width));
}

function scoreText(
  project: string,
  { score: total, sections, points, interpretation, next }: ReadinessScore,
  width: number,
): string {
  const head = `ML Test Score of ${oneLine(project)}: ${total} of 7 (${interpretation}).`;
  const blocks = Object.entries(sections).map(([section, sum]) => {
    const rows = points
      .filter(({ test }) => test.section === section)
      .map(({ test, points: earned, state, evidence }) => [
        `  ${test.id}`,
        String(earned),
        state,
        evidence === null ? test.title : `${test.title}: ${oneLine(evidence.summary)}`,
      ]);
    // Rows alone: the line above them is their heading.
    const table = renderTable(["", "", "", ""], rows, width).split("\n").slice(1).join("\n");
    return `${section} ${sum} of 7\n${table}`;
  });
  const todo = next.slice(0, shownNext).map(({ id, todo }) => cutText(`  ${id}  ${todo}`, width));
  return [head, ...blocks, ...(todo.length === 0 ? [] : [["next", ...todo].join("\n")])].join("\n\n");
}

async function record(test: string, options: RecordOptions, cli: CliContext): Promise<void> {
  const { readinessTests, recordEvidence } = await import("@deepwright/lineage");
  const known = readinessTests.find(({ id }) => id === test);
  if (known === undefined) throw invalidOption("TEST", "one of data-1 .. monitoring-7", test);
  const points = Number(options.points);
  if (points !== 0.5 && points !== 1) throw invalidOption("--points", "0.5 or 1", options.points);
  if (!options.passed && !options.failed) throw invalidOption("--passed or --failed", "one of the two", "neither");
  const validDays = parseWhole("--valid-days", options.validDays, 1, 3650);
  for (const [name, text] of [
    ["--summary", options.summary],
    ["--source", options.source],
  ] as const) {
    if (text.trim() === "") throw invalidOption(name, "some words", text);
  }
  const lineage = await cli.openLineage();
  const project = await chooseProject(lineage, options.project, cli);
  const evidence = {
    project,
    test,
    points,
    passed: options.passed === true,
    summary: options.summary,
    source: options.source,
    recordedAtMs: systemClock.now(),
    validDays,
  } as const;
  await recordEvidence(lineage, evidence);
  cli.print(evidence, () => `Recorded: ${known.title} ${evidence.passed ? "passed" : "failed"} (${test}).`);
}
