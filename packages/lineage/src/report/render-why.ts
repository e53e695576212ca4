import type { Evidence, ProofReport, RankedCause, WhyReport } from "../contract/index.js";
import { formatMetric } from "../why/format-metric.js";
import { type Palette, palette, singleLine } from "./ansi.js";
import { equalText, type TextOptions } from "./render-diff.js";

/** How many causes are shown with their evidence, and how many more by their title. */
const shownCauses = 5;
const listedCauses = 15;

/** The explanation of a regression as text: the answer in one sentence, the evidence below. */
export function renderWhy(report: WhyReport, options: TextOptions = {}): string {
  const paint = palette(options.color ?? false);
  const blocks = [
    paint.bold(singleLine(report.sentence, 1000)),
    [
      `Compared with ${report.baselineId}: ${report.baselineReason}.`,
      ...(report.sentence.toLowerCase().includes(report.worse.sentence.toLowerCase())
        ? []
        : [singleLine(report.worse.sentence, 500)]),
    ].join("\n"),
  ];
  if (report.proof) blocks.push(proofText(report.proof, paint));
  if (report.causes.length > 0) {
    const shown = report.causes.slice(0, shownCauses).map((cause, index) => causeText(cause, index, report, paint));
    const listed = report.causes
      .slice(shownCauses, listedCauses)
      .map((cause, index) => `${head(cause, index + shownCauses)}${singleLine(cause.difference.title)}`);
    const rest = report.causes.length - listedCauses;
    blocks.push([...shown, ...listed, ...(rest > 0 ? [`      … and ${rest} more (--json shows all)`] : [])].join("\n"));
  }
  blocks.push([...excludedText(report), equalText(report.equalCount, 1)].join("\n"));
  return blocks.join("\n\n");
}

const percent = (score: number): string => (score > 0 && score < 0.005 ? "<1 %" : `${Math.round(score * 100)} %`);
const head = (cause: RankedCause, index: number): string =>
  `${String(index + 1).padStart(3)}. ${percent(cause.score).padStart(5)}  `;

function causeText(cause: RankedCause, index: number, report: WhyReport, paint: Palette): string {
  const evidence = cause.evidence
    .filter(({ kind }) => kind !== "prior")
    .map(
      (item) => `            ${sign(item, paint)} ${singleLine(evidenceSentence(item, report.objective.metric), 300)}`,
    );
  return [`${head(cause, index)}${paint.bold(singleLine(cause.difference.title))}`, ...evidence].join("\n");
}

/** The sentence of a piece of evidence with its effect and interval. */
export function evidenceSentence({ sentence, effect }: Evidence, metric: string): string {
  if (!effect) return sentence;
  const value = (number: number): string => `${number > 0 ? "+" : ""}${formatMetric(number)}`;
  return `${sentence} Adjusted effect on ${metric}: ${value(effect.estimate)} [${value(effect.low)}, ${value(effect.high)}].`;
}

const sign = ({ weight }: Evidence, paint: Palette): string =>
  weight > 0 ? paint.green("+") : weight < 0 ? paint.red("-") : "·";

function proofText(proof: ProofReport, paint: Palette): string {
  const restored = proof.restored
    ? ` Reverting restores ${percentOf(proof.restored.estimate)} of the loss [${percentOf(proof.restored.low)}, ${percentOf(proof.restored.high)}].`
    : "";
  const left = proof.notRevertible.map(
    ({ difference, reason }) => `  could not be reverted here: ${singleLine(difference.title)} (${singleLine(reason)})`,
  );
  return [
    `${paint.bold("Proof")}: ${proof.verdict}, ${proof.runsUsed} re-runs over ${proof.differenceCount} differences, error rate at most ${percentOf(proof.errorRate)}.${restored}`,
    ...left,
  ].join("\n");
}

const percentOf = (share: number): string =>
  Number.isFinite(share) ? `${Math.round(share * 100)} %` : share > 0 ? "any" : "none";

function excludedText(report: WhyReport): string[] {
  if (report.excluded.length === 0) return [];
  const counts = new Map<string, number>();
  for (const { difference } of report.excluded) {
    const reason = difference.seed ? "seed" : difference.consequence ? "consequence" : "cosmetic change";
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  const parts = [...counts].map(([reason, count]) => `${count} ${reason}${count === 1 ? "" : "s"}`);
  return [`Left out: ${parts.join(", ")}, which can't be causes`];
}
