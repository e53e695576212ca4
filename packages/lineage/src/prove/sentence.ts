import type { Difference, Objective } from "../contract/index.js";
import { formatMetric } from "../why/format-metric.js";
import type { Settlement } from "./settlement.js";

const percent = (part: number): string => `${Math.round(100 * part)} %`;

function list(differences: readonly Difference[]): string {
  const titles = differences.map(({ title }) => `"${title}"`);
  return titles.length < 2 ? titles.join("") : `${titles.slice(0, -1).join(", ")} and ${titles.at(-1)}`;
}

/** The answer of a proof in one or two sentences, with the error rate that holds for it. */
export function proofSentence(
  settlement: Settlement,
  causes: readonly Difference[],
  facts: { readonly objective: Objective; readonly errorRate: number; readonly notRevertible: number },
): string {
  const { restored, gap, runsUsed } = settlement;
  const { metric } = facts.objective;
  const runs = `${runsUsed} re-runs`;
  const guarantee = `(${runs}, probability of a wrong answer at most ${percent(facts.errorRate)})`;
  const loss = Number.isFinite(gap) ? `the loss of ${formatMetric(gap)} in ${metric}` : `what happened to ${metric}`;
  const range =
    restored && Number.isFinite(restored.low) && restored.low !== restored.high
      ? ` (${percent(restored.low)} to ${percent(restored.high)})`
      : "";
  const share = restored ? `${percent(restored.estimate)}${range}` : "most";
  const stays = facts.notRevertible > 0 ? ` ${facts.notRevertible} differences can't be reverted here.` : "";
  switch (settlement.verdict) {
    case "proven":
      return causes.length === 1
        ? `Proven: ${list(causes)} is the cause. Reverting it restores ${share} of ${loss} ${guarantee}.`
        : `Proven: ${list(causes)} are the causes. Reverting all of them restores ${share} of ${loss}, and none can be left out ${guarantee}.`;
    case "interaction":
      return `Proven: ${list(causes)} act together. Reverting all of them restores ${share} of ${loss}, and none can be left out ${guarantee}.`;
    case "noise":
      return `Nothing got worse: ${settlement.reason} (${runs}).`;
    case "not-reproduced":
      return `Not reproduced: ${settlement.reason} (${runs}).${stays}`;
    case "undecided":
      return `Undecided after ${runs}: ${settlement.reason}.${causes.length > 0 ? ` Most suspect: ${list(causes)}.` : ""}${stays}`;
  }
}
