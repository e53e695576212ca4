import { DeepwrightError, isId } from "@deepwright/core";
import type { GraphNode, Impact } from "@deepwright/lineage";
import type { Command } from "commander";
import { chooseProject } from "../choose-project.js";
import type { CliCommand } from "../command.js";
import type { CliContext } from "../context.js";
import type { Lineage } from "../open-lineage.js";
import { renderTable } from "../render-table.js";
import { oneLine } from "../render-values.js";

export const command: CliCommand = {
  configure(program: Command, cli: CliContext): void {
    program
      .argument("<entity>", "name of a data set, feature or model, or the id of anything")
      .option("--project <name>", "of which a name is meant")
      .action(async (reference: string, { project }: { readonly project?: string }) => {
        const lineage = await cli.openLineage();
        const id = isId(reference) ? reference : await findByName(lineage, reference, project, cli);
        const impact = await lineage.graph.impact({ id });
        cli.print(impact, () => impactText(impact, cli.width));
      });
  },
};

async function findByName(lineage: Lineage, name: string, named: string | undefined, cli: CliContext): Promise<string> {
  const project = await chooseProject(lineage, named, cli);
  const lists = await Promise.all([
    lineage.graph.datasets({ project }),
    lineage.graph.features({ project }),
    lineage.graph.models({ project }),
  ]);
  const found = lists.flat().filter((entity) => entity.name === name);
  if (found.length === 1) return (found[0] as { readonly id: string }).id;
  throw new DeepwrightError({
    code: found.length === 0 ? "ENTITY_NOT_FOUND" : "ENTITY_AMBIGUOUS",
    kind: "not-found",
    expected: `the name of one data set, feature or model of project ${project}`,
    got: found.length === 0 ? JSON.stringify(name) : `${found.length} of this name`,
    todo:
      found.length === 0
        ? "List them with `deepwright features` and `deepwright models`."
        : `Give an id: ${found.map(({ id }) => id).join(", ")}.`,
  });
}

function impactText(impact: Impact, width: number): string {
  const nodes: GraphNode[] = [
    ...impact.features,
    ...impact.modelVersions,
    ...impact.deployments,
    ...impact.consumers,
    ...impact.datasets,
  ];
  const head = oneLine(impact.sentence);
  if (nodes.length === 0) return head;
  const rows = nodes.map(({ kind, depth, name }) => [kind, String(depth), oneLine(name)]);
  return `${head}\n\n${renderTable(["KIND", "STEPS", "NAME"], rows, width)}`;
}
