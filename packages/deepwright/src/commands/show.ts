import { type ComponentMap, type ComponentName, componentNames, DeepwrightError } from "@deepwright/core";
import type { Run } from "@deepwright/lineage";
import type { Command } from "commander";
import type { CliCommand } from "../command.js";
import type { CliContext } from "../context.js";
import { cutText, renderTable } from "../render-table.js";
import { formatLeaf, formatTime, formatValue, oneLine, runDuration } from "../render-values.js";
import { resolveRun } from "../resolve-run.js";

interface ShowOptions {
  readonly project?: string;
  readonly component?: string;
}

const shownLeaves = 8;

export const command: CliCommand = {
  configure(program: Command, cli: CliContext): void {
    program
      .argument("[run]", "id, start of an id, name, or `latest`", "latest")
      .option("--project <name>", "of which `latest` or a name is meant")
      .option("--component <name>", `all paths of one component: ${componentNames.join(", ")}`)
      .action((reference: string, options: ShowOptions) => show(reference, options, cli));
  },
};

async function show(reference: string, options: ShowOptions, cli: CliContext): Promise<void> {
  const wanted = options.component === undefined ? componentNames : [parseComponent(options.component)];
  const lineage = await cli.openLineage();
  const run = await resolveRun(lineage.runs, reference, options.project, cli);
  const components: Partial<Record<ComponentName, ComponentMap>> = {};
  for (const component of wanted) components[component] = await lineage.runs.component({ id: run.id, component });
  const limit = options.component === undefined ? shownLeaves : Number.POSITIVE_INFINITY;
  cli.print({ run, components }, () => renderRun(run, components, limit, cli.width));
}

function renderRun(
  run: Run,
  components: Partial<Record<ComponentName, ComponentMap>>,
  limit: number,
  width: number,
): string {
  const facts = [
    `run      ${run.id}`,
    `name     ${oneLine(run.name)} (project ${oneLine(run.project)})`,
    `status   ${run.status}${exitOf(run)}`,
    `started  ${formatTime(run.startedAtMs)}, took ${runDuration(run)}, on ${oneLine(run.location.host)}`,
    `command  ${oneLine(run.command.join(" "))}`,
  ];
  const tags = Object.entries(run.tags).map(([key, value]) => `${oneLine(key)}=${oneLine(value)}`);
  if (tags.length > 0) facts.push(`tags     ${tags.join(", ")}`);
  if (run.note !== "") facts.push(`note     ${oneLine(run.note)}`);
  const sections = [facts.map((line) => cutText(line, width)).join("\n")];
  const metrics = Object.entries(run.metrics).sort(([a], [b]) => (a < b ? -1 : 1));
  if (metrics.length > 0) {
    const rows = metrics.map(([name, metric]) => [
      oneLine(name) + (run.objective?.metric === name ? ` (${run.objective.direction})` : ""),
      formatValue(metric.last),
      metric.min === null ? "" : formatValue(metric.min),
      metric.max === null ? "" : formatValue(metric.max),
      String(metric.count),
    ]);
    sections.push(renderTable(["METRIC", "LAST", "MIN", "MAX", "POINTS"], rows, width));
  }
  for (const [component, map] of Object.entries(components)) {
    const entries = Object.entries(map);
    if (entries.length === 0) continue;
    const lines = entries
      .slice(0, limit)
      .map(([path, leaf]) => cutText(`  ${oneLine(path)} = ${formatLeaf(leaf)}`, width));
    const rest = entries.length - lines.length;
    if (rest > 0) lines.push(`  ... ${rest} more: --component ${component}`);
    sections.push([component, ...lines].join("\n"));
  }
  return sections.join("\n\n");
}

function exitOf(run: Run): string {
  if (run.signal !== null) return ` (${run.signal})`;
  return run.exitCode === null || run.exitCode === 0 ? "" : ` (exit code ${run.exitCode})`;
}

function parseComponent(text: string): ComponentName {
  const found = componentNames.find((name) => name === text);
  if (found !== undefined) return found;
  throw new DeepwrightError({
    code: "INVALID_COMPONENT",
    expected: `one of ${componentNames.join(", ")}`,
    got: JSON.stringify(text),
    todo: "Name one component of a run.",
  });
}
