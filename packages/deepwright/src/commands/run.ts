import { constants } from "node:os";
import { basename } from "node:path";
import { DeepwrightError, isId, type RunId } from "@deepwright/core";
import { recordCommand, sourceRoot } from "@deepwright/lineage/recorder";
import { type Command, Option } from "commander";
import { checkBeforeRun } from "../check-configuration.js";
import type { CliCommand } from "../command.js";
import type { CliContext } from "../context.js";
import { warnWhenRunWaits } from "../delivery-state.js";
import { parsePairs } from "../parse-pairs.js";

interface RunOptions {
  readonly data: readonly string[];
  readonly config: readonly string[];
  readonly metrics: readonly string[];
  readonly metricPattern: readonly string[];
  readonly project?: string;
  readonly name?: string;
  readonly minimize?: string;
  readonly maximize?: string;
  readonly tag: readonly string[];
  readonly parent?: string;
  readonly keepData: boolean;
  readonly progress: boolean;
  readonly schema?: string;
  readonly checkInferred?: boolean;
}

const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];

export const command: CliCommand = {
  configure(program: Command, cli: CliContext): void {
    program
      .usage("[options] -- COMMAND [ARGUMENTS...]")
      .argument("<command...>", "the command, behind two dashes")
      .option(
        "--data <input>",
        "input: PATH, NAME=PATH or a postgres:// address with ?query= (repeatable)",
        collect,
        [],
      )
      .option("--config <file>", "config file beside those among the arguments (repeatable)", collect, [])
      .option("--metrics <file>", "CSV or JSONL file that the command writes metrics into (repeatable)", collect, [])
      .option("--metric-pattern <regex>", "metrics in lines of output, by named groups (repeatable)", collect, [])
      .option("--project <name>", "default: the name of the source folder")
      .option("--name <name>", "default: the first words of the command")
      .addOption(
        new Option("--minimize <metric>", "the run is judged by this metric; smaller is better").conflicts("maximize"),
      )
      .option("--maximize <metric>", "the run is judged by this metric; larger is better")
      .option("--tag <key=value>", "tag of the run (repeatable)", collect, [])
      .option("--parent <run>", "id of the run that this one belongs to")
      .option("--no-keep-data", "keep no copies of inputs")
      .option("--schema <file>", "refuse a configuration that violates it (default: deepwright.config.schema.json)")
      .option(
        "--check-inferred",
        "without a schema: say what is unlike the project's last runs (opens the store first)",
      )
      .option("--no-progress", "show no progress on a terminal")
      .passThroughOptions()
      .action((words: string[], options: RunOptions) => run(words, options, cli));
  },
};

async function run(words: readonly string[], options: RunOptions, cli: CliContext): Promise<void> {
  const location = await cli.location();
  await checkBeforeRun(
    {
      command: words,
      config: options.config,
      schema: options.schema,
      ...(options.checkInferred
        ? { inferFor: options.project ?? (basename(sourceRoot(cli.streams.workingDirectory)) || "default") }
        : {}),
    },
    cli,
  );
  const recorded = await recordCommand({
    command: words,
    store: location,
    cwd: cli.streams.workingDirectory,
    env: cli.streams.environment,
    project: options.project,
    name: options.name,
    data: options.data,
    config: options.config,
    metricFiles: options.metrics,
    metricPatterns: options.metricPattern,
    objective: objectiveOf(options),
    tags: parsePairs(options.tag),
    parentRunId: options.parent === undefined ? undefined : parentOf(options.parent),
    keepData: options.keepData,
    progress: options.progress && cli.options.quiet !== true && cli.options.json !== true,
    forwardSignals: true,
    ...(cli.options.json ? { stdio: toErrors } : {}),
  });
  for (const sentence of recorded.notes) cli.note(`deepwright: ${sentence}`);
  await warnWhenRunWaits(location, cli);
  if (cli.options.json) cli.print(recorded, () => "");
  else
    cli.note(
      `deepwright: recorded run ${recorded.runId} (${recorded.status}${recorded.isPartial ? ", but the disk did not take all of it" : ""})`,
    );
  cli.exitCode = recorded.exitCode ?? 128 + (constants.signals[recorded.signal ?? "SIGTERM"] ?? 0);
}

/** With `--json` standard output belongs to the document, so the command's output goes where remarks go. */
const toErrors = (chunk: Buffer): void => void process.stderr.write(chunk);

function objectiveOf(options: RunOptions) {
  if (options.minimize !== undefined) return { metric: options.minimize, direction: "minimize" } as const;
  return options.maximize === undefined ? undefined : ({ metric: options.maximize, direction: "maximize" } as const);
}

function parentOf(text: string): RunId {
  if (isId(text)) return text as RunId;
  throw new DeepwrightError({
    code: "INVALID_ID",
    expected: "the whole id of a run",
    got: JSON.stringify(text),
    todo: "Copy it from `deepwright runs`.",
  });
}
