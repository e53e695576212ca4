import type { Command } from "commander";
import type { CliCommand } from "../command.js";
import type { CliContext } from "../context.js";
import { remarkOtherProject, resolveRun } from "../resolve-run.js";

interface DiffOptions {
  readonly project?: string;
}

export const command: CliCommand = {
  configure(program: Command, cli: CliContext): void {
    program
      .argument("<before>", "the baseline: id, start of an id, name, or `latest`")
      .argument("[after]", "the run in question", "latest")
      .option("--project <name>", "of which `latest` or a name is meant")
      .action((before: string, after: string, options: DiffOptions) => diff(before, after, options, cli));
  },
};

async function diff(before: string, after: string, { project }: DiffOptions, cli: CliContext): Promise<void> {
  const [{ runs }, { diffRuns, renderDiff }] = await Promise.all([cli.openLineage(), import("@deepwright/lineage")]);
  const left = await resolveRun(runs, before, project, cli);
  const right = await resolveRun(runs, after, project, cli);
  remarkOtherProject(left, right, cli);
  const result = await diffRuns(runs, left.id, right.id);
  cli.print(result, () => renderDiff(result, { color: cli.color }));
}
