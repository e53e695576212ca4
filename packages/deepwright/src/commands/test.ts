import { join, resolve } from "node:path";
import { DeepwrightError, formatDuration, isDeepwrightError, parseBytes, parseDuration } from "@deepwright/core";
import type { SuiteRunner, TestedData, TestReport, WatchedTest } from "@deepwright/data-tests";
import type { Command } from "commander";
import type { CliCommand } from "../command.js";
import type { CliContext } from "../context.js";
import { type DataTests, loadDataTests } from "../data-tests/load-data-tests.js";
import { recordVerdict } from "../data-tests/record-verdict.js";
import { type ReportFiles, writeReports } from "../data-tests/write-reports.js";
import { invalidOption, parseWhole } from "../parse-options.js";

interface TestOptions extends ReportFiles {
  readonly engine: string;
  readonly data?: string;
  readonly copyFiles?: boolean;
  readonly annotations?: boolean;
  readonly sample: string;
  readonly memory?: string;
  readonly quarantine?: string;
  readonly project?: string;
  readonly record: boolean;
  readonly watch?: boolean;
  readonly once?: boolean;
  readonly interval: string;
}

export const command: CliCommand = {
  configure(program: Command, cli: CliContext): void {
    const engine = cli.streams.environment.DEEPWRIGHT_ENGINE;
    program
      .argument("[suites...]", "files *.suite.{yaml,yml,json,js,mjs}, or folders with some (default: this folder)")
      .option(
        "--engine <address>",
        "duckdb, duckdb:PATH, postgres://... or sc://host:port (default: DEEPWRIGHT_ENGINE, else duckdb)",
        engine === undefined || engine === "" ? "duckdb" : engine,
      )
      .option("--data <folder>", "where relative paths of data begin (default: the folder of each suite file)")
      .option(
        "--copy-files",
        "let DuckDB read files, and give the engine copies: tables of Postgres, Parquet for Spark",
      )
      .option("--junit <file>", "write JUnit XML")
      .option("--sarif <file>", "write SARIF 2.1.0")
      .option("--html <file>", "write one HTML file")
      .option("--markdown <file>", "write Markdown for a pull request")
      .option("--annotations", "print annotations of GitHub Actions on standard error")
      .option("--quarantine <place>", "split the rows of what failed: a folder for files, or a schema for tables")
      .option("--watch", "test each partition once, those that change again, and wait for new ones until Ctrl-C")
      .option("--once", "with --watch: end when there is nothing new")
      .option("--interval <duration>", "with --watch: time between two looks, at least 1s", "60s")
      .option("--sample <rows>", "failing rows to show of an expectation, 0 to 1000", "10")
      .option("--memory <bytes>", "what DuckDB may hold before it spills to disk, such as 1GiB")
      .option("--project <name>", "project of the data sets in lineage (default: the name of the source folder)")
      .option("--no-record", "write no verdicts to the store")
      .action((suites: string[], options: TestOptions) => test(suites, options, cli));
  },
};

async function test(suites: readonly string[], options: TestOptions, cli: CliContext): Promise<void> {
  const { workingDirectory } = cli.streams;
  const sampleSize = parseWhole("--sample", options.sample, 0, 1000);
  const memoryLimit = options.memory === undefined ? undefined : parseMemory(options.memory);
  const dataTests = await loadDataTests();
  const paths = await dataTests.findSuiteFiles(suites, workingDirectory);
  const dataFolder = options.data === undefined ? undefined : resolve(workingDirectory, options.data);
  const runner = await dataTests.openSuiteRunner({
    engine: options.engine,
    workingDirectory,
    sampleSize,
    signal: cli.signal,
    copyFiles: options.copyFiles === true,
    ...(dataFolder !== undefined && { dataFolder }),
    ...(memoryLimit !== undefined && { memoryLimit }),
    ...(options.quarantine !== undefined && { quarantine: resolveQuarantine(options.quarantine, options, cli) }),
  });
  const place = options.record ? { project: options.project, engine: options.engine, dataFolder } : null;
  const tests: TestedData[] = [];
  try {
    const testing = options.watch ? watch(paths, runner, options, dataTests, cli) : testEach(paths, runner, cli);
    for await (const { test: tested, suite, partition } of testing) {
      tests.push(tested);
      if (options.watch) showOne(tested, dataTests, cli);
      if (place === null || suite === null) continue;
      const write = () => recordVerdict(tested, suite, partition ?? undefined, runner.engine, place, cli);
      await recordOrRemark(tested, write, cli);
    }
  } finally {
    await runner.close();
  }
  await finish({ tests }, options, dataTests, cli);
}

async function* testEach(paths: readonly string[], runner: SuiteRunner, cli: CliContext): AsyncGenerator<WatchedTest> {
  for (const path of paths) {
    cli.signal.throwIfAborted();
    yield { ...(await runner.testFile(path)), partition: null };
  }
}

/** Ctrl-C is the usual end of watching. */
async function* watch(
  paths: readonly string[],
  runner: SuiteRunner,
  options: TestOptions,
  dataTests: DataTests,
  cli: CliContext,
): AsyncGenerator<WatchedTest> {
  const intervalMs = options.once ? null : parseInterval(options.interval);
  const { directory } = await cli.location();
  if (intervalMs !== null)
    cli.note(`deepwright: looking for new partitions every ${formatDuration(intervalMs)}; Ctrl-C ends.`);
  const memory = join(directory, "data-tests", "partitions.json");
  try {
    yield* dataTests.watchPartitions(runner, paths, { memory, intervalMs, signal: cli.signal });
  } catch (error) {
    if (!cli.signal.aborted) throw error;
  }
}

/** What was found in a partition, as it comes; with `--json` the one document comes at the end. */
function showOne(tested: TestedData, dataTests: DataTests, cli: CliContext): void {
  if (!cli.options.json)
    cli.streams.stdout.write(dataTests.terminalText({ tests: [tested] }, { color: cli.color, width: cli.width }));
}

/** A store that is away changes no verdict. */
async function recordOrRemark(tested: TestedData, record: () => Promise<unknown>, cli: CliContext): Promise<void> {
  try {
    await record();
  } catch (error) {
    if (!isDeepwrightError(error)) throw error;
    cli.note(`deepwright: the verdict of ${tested.suite} is not recorded: ${error.message}`);
  }
}

async function finish(report: TestReport, options: TestOptions, dataTests: DataTests, cli: CliContext): Promise<void> {
  await writeReports(report, options, dataTests, cli);
  if (options.annotations) cli.streams.stderr.write(dataTests.githubAnnotations(report));
  // While watching, each test was shown as it came.
  if (cli.options.json || !options.watch || report.tests.length === 0)
    cli.print(dataTests.jsonReport(report), () =>
      dataTests.terminalText(report, { color: cli.color, width: cli.width }),
    );
  cli.exitCode = exitCodeOf(report);
}

/** A suite without a verdict tells more than one that failed: its error's code; 1 where some check failed. */
function exitCodeOf({ tests }: TestReport): number {
  const error = tests.find((each) => each.error !== null)?.error;
  if (error) return DeepwrightError.fromJSON(error).exitCode;
  return tests.every(({ result }) => result?.passed) ? 0 : 1;
}

function parseInterval(text: string): number {
  const milliseconds = parseDuration(text);
  if (milliseconds >= 1000 && milliseconds <= 2 ** 31 - 1) return milliseconds;
  throw invalidOption("--interval", "a duration from 1s to 24d", text);
}

function parseMemory(text: string): number {
  const bytes = parseBytes(text);
  if (bytes >= 64 * 1024 ** 2) return bytes;
  throw invalidOption("--memory", "at least 64MiB", text);
}

/** A folder lies below the working directory; a schema is a name. */
function resolveQuarantine(place: string, { engine }: TestOptions, cli: CliContext): string {
  return engine.startsWith("postgres") ? place : resolve(cli.streams.workingDirectory, place);
}
