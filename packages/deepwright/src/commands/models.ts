import type { Model } from "@deepwright/lineage";
import type { Command } from "commander";
import { chooseProject } from "../choose-project.js";
import type { CliCommand } from "../command.js";
import type { CliContext } from "../context.js";
import { renderTable } from "../render-table.js";
import { oneLine } from "../render-values.js";

export const command: CliCommand = {
  configure(program: Command, cli: CliContext): void {
    program
      .option("--project <name>", "default: that of the source folder")
      .action(async ({ project: named }: { readonly project?: string }) => {
        const lineage = await cli.openLineage();
        const project = await chooseProject(lineage, named, cli);
        const models = await lineage.graph.models({ project });
        cli.print({ project, models }, () => modelsText(models, cli.width));
      });
  },
};

function modelsText(models: readonly Model[], width: number): string {
  if (models.length === 0) return "No models are declared yet.";
  const rows = models.map((model) => [
    oneLine(model.name),
    String(model.versionCount),
    Object.entries(model.aliases)
      .map(([alias, version]) => `${oneLine(alias)} -> ${version}`)
      .join(", "),
    String(model.rollbackCount),
    model.gates.map(({ metric, op, value }) => `${oneLine(metric)} ${op} ${value}`).join(", "),
  ]);
  return renderTable(["MODEL", "VERSIONS", "ALIASES", "ROLLBACKS", "GATES"], rows, width);
}
