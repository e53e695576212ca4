import { formatDuration } from "@deepwright/core";
import type { EstResult, EstRun } from "../run-est.js";
import { describeSet } from "./plots.js";

const shownCauses = 15;
const metricNames = ["mape", "mdape", "mae"] as const;

/** The case as one page for people: the answer first, the evidence below. Plots lie beside it as SVG. */
export function reportMarkdown(result: EstResult): string {
  const { sentence, ranking, report, proof, data, refactoring, phasesMs } = result;
  const causeIds = proof.causes.map(({ id }) => id);
  const blocks = [
    "# Why the valuation got worse",
    `**${sentence}**`,
    report.worse.sentence,
    "## What was run",
    `Data: ${data.origin}.${data.isGenerated ? " The published file was not there: its figures will differ from these." : ""} Trained on sales before 2015-02-01, validated on later ones.`,
    `The refactoring changed ${refactoring.hunks} places in ${refactoring.files} files, upgraded a package, cleaned up the configuration and read a refreshed extract: ${proof.differenceCount} differences.`,
    runTable(result.runs),
    `![${report.objective.metric} of the recorded runs](metric.svg)`,
    "## Ranked without a re-run",
    table(
      ["", "plausibility", "difference"],
      ranking.causes
        .slice(0, shownCauses)
        .map(({ difference, score }, index) => [
          String(index + 1),
          `${Math.round(score * 100)} %`,
          code(difference.title),
        ]),
    ) + (ranking.causes.length > shownCauses ? `\n\nand ${ranking.causes.length - shownCauses} more.` : ""),
    evidence(result),
    `## Proof: ${proof.verdict}`,
    `${proof.runsUsed} re-runs over ${proof.differenceCount} differences; the probability of a wrong answer is at most ${Math.round(proof.errorRate * 100)} %.`,
    table(
      ["reverted", report.objective.metric, "outcome"],
      proof.steps.map((step) => [
        describeSet(step, causeIds),
        step.values.map((value) => value.toFixed(2)).join(", "),
        step.decision,
      ]),
    ),
    `![${report.objective.metric} of the re-runs](proof.svg)`,
    ...(proof.notRevertible.length === 0
      ? []
      : [
          "Could not be reverted by itself:",
          proof.notRevertible.map(({ difference, reason }) => `- ${code(difference.title)}: ${reason}`).join("\n"),
        ]),
    "## Time",
    table(
      ["phase", "time"],
      Object.entries(phasesMs).map(([phase, milliseconds]) => [phase, formatDuration(milliseconds)]),
    ),
  ];
  return `${blocks.filter((block) => block !== "").join("\n\n")}\n`;
}

function runTable(runs: readonly EstRun[]): string {
  const rows = (["before", "after"] as const).map((version) => {
    const group = runs.filter((run) => run.version === version);
    const cells = metricNames.map((name) => {
      const values = group.map((run) => run.metrics[name] ?? Number.NaN);
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      return name === "mae" ? String(Math.round(mean)) : `${mean.toFixed(2)} %`;
    });
    return [version, String(group.length), ...cells];
  });
  return table(["version", "runs", "MAPE", "MdAPE", "MAE ($)"], rows);
}

/** Why the ranking puts the first difference first. */
function evidence({ ranking }: EstResult): string {
  const [first] = ranking.causes;
  if (!first) return "";
  const lines = first.evidence.filter(({ weight }) => weight > 0).map(({ sentence }) => `- ${sentence}`);
  return lines.length === 0 ? "" : `What speaks for the first:\n\n${lines.join("\n")}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

const code = (text: string): string => `\`${text.replaceAll("`", "'")}\``;
