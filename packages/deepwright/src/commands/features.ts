import type { Feature, FeatureReport } from "@deepwright/lineage";
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
        const features = await lineage.graph.features({ project });
        const report = await lineage.graph.featureReport({ project });
        cli.print({ project, features, report }, () => featuresText(features, report, cli.width));
      });
  },
};

function featuresText(features: readonly Feature[], report: FeatureReport, width: number): string {
  if (features.length === 0) return "No features are declared or used yet.";
  const rows = features.map((feature) => [
    oneLine(feature.name),
    feature.declared ? feature.status : "undeclared",
    oneLine(feature.owner),
    feature.source === null ? "" : oneLine(`${feature.source.dataset}.${feature.source.column}`),
    feature.usedBy.map(({ model, version }) => `${oneLine(model)} ${version}`).join(", "),
  ]);
  const remarks = [
    remark("No model uses", report.unused),
    remark("Deprecated and still used:", report.deprecatedInUse),
    remark("Used and declared by no one:", report.undeclared),
  ].filter((line) => line !== "");
  const table = renderTable(["FEATURE", "STATUS", "OWNER", "SOURCE", "USED BY"], rows, width);
  return [table, ...(remarks.length === 0 ? [] : [remarks.join("\n")])].join("\n\n");
}

const remark = (words: string, features: readonly Feature[]): string =>
  features.length === 0 ? "" : `${words} ${features.map(({ name }) => oneLine(name)).join(", ")}.`;
