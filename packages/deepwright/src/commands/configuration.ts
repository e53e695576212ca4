import { resolve } from "node:path";
import type { ComponentMap } from "@deepwright/core";
import type { ConfigurationDebt, ConfigurationViolation } from "@deepwright/lineage";
import type { Command } from "commander";
import { chooseProject } from "../choose-project.js";
import type { CliCommand } from "../command.js";
import type { CliContext } from "../context.js";
import { parseWhole } from "../parse-options.js";
import { cutText } from "../render-table.js";
import { oneLine } from "../render-values.js";
import { resolveRun } from "../resolve-run.js";
import { writeTextFile } from "../write-text-file.js";

interface ProjectOptions {
  readonly project?: string;
  readonly last: string;
}

export const command: CliCommand = {
  configure(program: Command, cli: CliContext): void {
    const subcommand = (name: string, summary: string): Command =>
      program.command(name).description(summary).option("--project <name>", "default: that of the source folder");
    subcommand("infer", "write what the last runs held as a schema to edit and check in")
      .option("--last <count>", "runs to look at, 1 to 1000", "50")
      .option("--out <file>", "write it there (default: print it)")
      .action((options: ProjectOptions & { readonly out?: string }) => infer(options, cli));
    subcommand("check", "check config files, or a recorded run, against the schema")
      .argument("[files...]", "config files")
      .option("--run <run>", "the configuration of this run instead: id, start of an id, name, or `latest`")
      .option("--schema <file>", "default: deepwright.config.schema.json here or at the top of the source")
      .option("--last <count>", "without a schema file: runs to infer one from, 1 to 1000", "50")
      .action((files: string[], options: CheckOptions) => check(files, options, cli));
    subcommand("debt", "list keys never read, never varied, doubled, contradictory, and dead experimental paths")
      .option("--last <count>", "runs to look at, 2 to 1000", "50")
      .action((options: ProjectOptions) => debt(options, cli));
  },
};

async function infer(options: ProjectOptions & { readonly out?: string }, cli: CliContext): Promise<void> {
  const lastRuns = parseWhole("--last", options.last, 1, 1000);
  const [lineage, { inferProjectSchema }] = await Promise.all([cli.openLineage(), import("@deepwright/lineage")]);
  const project = await chooseProject(lineage, options.project, cli);
  const schema = await inferProjectSchema(lineage.runs, { project, lastRuns });
  const text = `${JSON.stringify(schema, null, 2)}\n`;
  if (options.out === undefined) {
    cli.print(schema, () => text);
    return;
  }
  const file = resolve(cli.streams.workingDirectory, options.out);
  await writeTextFile(file, text);
  const keys = Object.keys(schema.keys).length;
  cli.print(
    { file, keys },
    () => `${keys} keys of project ${oneLine(project)} written to ${file}. Edit it and check it in.`,
  );
}

interface CheckOptions extends ProjectOptions {
  readonly run?: string;
  readonly schema?: string;
}

async function check(files: readonly string[], options: CheckOptions, cli: CliContext): Promise<void> {
  const lastRuns = parseWhole("--last", options.last, 1, 1000);
  const { workingDirectory } = cli.streams;
  const lineageModule = await import("@deepwright/lineage");
  const { checkConfiguration, checkDeclaredConfiguration, declaredConfiguration, violationText } = lineageModule;
  const file =
    options.schema === undefined
      ? lineageModule.findConfigurationSchema(workingDirectory)
      : resolve(workingDirectory, options.schema);
  let configuration: ComponentMap;
  let complete = false;
  if (files.length > 0 && options.run === undefined) {
    configuration = await declaredConfiguration({ command: [], workingDirectory, config: files });
  } else {
    const { runs } = await cli.openLineage();
    const { id } = await resolveRun(runs, options.run ?? "latest", options.project, cli);
    configuration = await runs.component({ id, component: "configuration" });
    complete = true;
  }
  const schema =
    file === null
      ? await inferred(lineageModule, options.project, lastRuns, cli)
      : await lineageModule.readConfigurationSchema(file);
  const all = complete ? checkConfiguration(configuration, schema) : checkDeclaredConfiguration(schema, configuration);
  // Files alone have no arguments.
  const violations = complete ? all : all.filter(({ path }) => path.startsWith("files/"));
  if (violations.length > 0 && file !== null) cli.exitCode = 1;
  cli.print({ schema: file, violations }, () => checkText(violations, violationText, file));
}

async function inferred(
  { inferProjectSchema }: typeof import("@deepwright/lineage"),
  named: string | undefined,
  lastRuns: number,
  cli: CliContext,
) {
  const lineage = await cli.openLineage();
  const project = await chooseProject(lineage, named, cli);
  return inferProjectSchema(lineage.runs, { project, lastRuns });
}

function checkText(
  violations: readonly ConfigurationViolation[],
  textOf: (violation: ConfigurationViolation) => string,
  file: string | null,
): string {
  if (violations.length === 0) {
    return file === null ? "The configuration is like that of the last runs." : `The configuration keeps to ${file}.`;
  }
  const count = `${violations.length} ${violations.length === 1 ? "violation" : "violations"} of ${file ?? "what the last runs hold"}`;
  return [count, ...violations.map((violation) => `  ${oneLine(textOf(violation))}`)].join("\n");
}

const headings: Readonly<Record<ConfigurationDebt["kind"], string>> = {
  contradictory: "contradictory",
  duplicated: "duplicated",
  "dead-experimental-path": "dead experimental paths",
  "never-read": "never read",
  "never-varied": "never varied",
};

async function debt(options: ProjectOptions, cli: CliContext): Promise<void> {
  const lastRuns = parseWhole("--last", options.last, 2, 1000);
  const [lineage, { defaultContentSource, projectConfigurationDebt }] = await Promise.all([
    cli.openLineage(),
    import("@deepwright/lineage"),
  ]);
  const project = await chooseProject(lineage, options.project, cli);
  const debts = await projectConfigurationDebt(lineage.runs, {
    project,
    lastRuns,
    contentSource: (newest) => defaultContentSource(lineage.runs, [newest]),
  });
  cli.print({ project, debts }, () => debtText(debts, cli.width));
}

function debtText(debts: readonly ConfigurationDebt[], width: number): string {
  if (debts.length === 0) return "No configuration debt found.";
  const kinds = Object.keys(headings) as ConfigurationDebt["kind"][];
  const sections = kinds.flatMap((kind) => {
    const own = debts.filter((entry) => entry.kind === kind);
    if (own.length === 0) return [];
    const lines = own.flatMap((entry) => [
      `  ${oneLine(entry.sentence)}`,
      ...("branches" in entry
        ? entry.branches.map(({ file, line, text }) => cutText(`    ${oneLine(file)}:${line}  ${oneLine(text)}`, width))
        : []),
    ]);
    return [[`${headings[kind]} (${own.length})`, ...lines].join("\n")];
  });
  return sections.join("\n\n");
}
