import type { Difference, ProofReport, RankedCause, WhyReport } from "../contract/index.js";
import { safeText, style } from "./html.js";
import { metricChart } from "./metric-chart.js";
import type { MetricPoint } from "./metric-points.js";
import { equalText } from "./render-diff.js";
import { evidenceSentence } from "./render-why.js";

/** Lengths in characters, numbers of things. */
const limits = { causes: 30, lines: 10, lineLength: 160, evidence: 10, title: 240, sentence: 600 };
/** What each part may take, so that the file stays below 300 KB whatever the report holds. Unit: bytes. */
const budgets = { causes: 150_000, steps: 30_000, left: 20_000, excluded: 30_000 };

/** Joins items until the budget is spent and says how many are left out. */
function within(items: readonly string[], budget: number, more: (count: number) => string): string {
  let used = 0;
  let shown = 0;
  while (shown < items.length) {
    used += Buffer.byteLength(items[shown] as string);
    if (used > budget) break;
    shown += 1;
  }
  return items.slice(0, shown).join("") + (shown < items.length ? more(items.length - shown) : "");
}

const moreItems = (count: number): string => `<li class="soft">and ${count} more</li>`;

/**
 * The explanation of a regression as one HTML file of its own: no script, nothing loaded from elsewhere, light and dark,
 * less than 300 KB. All text of the runs is escaped.
 *
 * @param points the metric over runs, from {@link metricPoints}; none: no plot
 */
export function whyHtml(report: WhyReport, points: readonly MetricPoint[] = []): string {
  const text = (value: string): string => safeText(value, limits.sentence);
  const sections = [
    `<h1>${text(report.sentence)}</h1>`,
    `<p>${text(report.worse.sentence)}</p>`,
    `<p class="soft">Run <code>${text(report.runId)}</code> compared with <code>${text(report.baselineId)}</code>, ${text(report.baselineReason)}.</p>`,
    metricChart(points.slice(-200), { ...report, metric: report.objective.metric }),
    report.proof ? proofSection(report.proof, report.sentence) : "",
    report.causes.length > 0
      ? `<h2>Differences, likeliest cause first</h2><ol>${within(
          report.causes.slice(0, limits.causes).map((cause) => causeItem(cause, report.objective.metric)),
          budgets.causes,
          moreItems,
        )}</ol>${report.causes.length > limits.causes ? `<p class="soft">${report.causes.length} in all</p>` : ""}`
      : "",
    excludedSection(report),
    `<p class="soft">${equalText(report.equalCount, 1)}.</p>`,
  ];
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${safeText(`Why: ${report.objective.metric}`, 100)}</title><style>${style}</style></head>
<body>${sections.filter((section) => section !== "").join("\n")}</body></html>
`;
}

function causeItem(cause: RankedCause, metric: string): string {
  const share = Math.max(0, Math.min(1, cause.score));
  const evidence = cause.evidence
    .slice(0, limits.evidence)
    .map(
      (item) =>
        `<li class="${item.weight > 0 ? "good" : item.weight < 0 ? "soft" : ""}">${item.weight > 0 ? "+" : item.weight < 0 ? "−" : "·"} ${safeText(evidenceSentence(item, metric), limits.sentence)}</li>`,
    );
  return `<li><b>${title(cause.difference)}</b><br><span class="bar" style="width:${(share * 12).toFixed(2)}rem"></span>${Math.round(share * 100)} %${hunkBlock(cause.difference)}<ul>${evidence.join("")}</ul></li>`;
}

const title = (difference: Difference): string => safeText(difference.title, limits.title);

function hunkBlock({ hunk }: Difference): string {
  if (!hunk) return "";
  const side = (lines: readonly string[], tag: "del" | "ins", mark: string): string[] => [
    ...lines.slice(0, limits.lines).map((line) => `<${tag}>${mark} ${safeText(line, limits.lineLength)}</${tag}>`),
    ...(lines.length > limits.lines ? [`… ${lines.length - limits.lines} more lines`] : []),
  ];
  const heading = `${safeText(hunk.file, limits.title)}:${hunk.afterStart} ${safeText(hunk.context, limits.lineLength)}`;
  return `<pre>${[heading, ...side(hunk.beforeLines, "del", "-"), ...side(hunk.afterLines, "ins", "+")].join("\n")}</pre>`;
}

/** @param answer what the report already says first */
function proofSection(proof: ProofReport, answer: string): string {
  const percent = (share: number): string => (Number.isFinite(share) ? `${Math.round(share * 100)} %` : "∞");
  const restored = proof.restored
    ? `<p>Reverting restores ${percent(proof.restored.estimate)} of the loss (${percent(proof.restored.low)} to ${percent(proof.restored.high)}).</p>`
    : "";
  const steps = proof.steps.map(
    (step) =>
      `<tr><td>${step.reverted.length} reverted${step.reverted.length === 1 ? `: <code>${safeText(step.reverted[0] ?? "", 120)}</code>` : ""}</td><td>${step.values
        .slice(0, 12)
        .map((value) => String(Number(value.toPrecision(5))))
        .join(", ")}</td><td>${step.decision}</td></tr>`,
  );
  const left = proof.notRevertible.map(
    ({ difference, reason }) => `<li>${title(difference)}: ${safeText(reason, limits.title)}</li>`,
  );
  const sentence = proof.sentence === answer ? "" : `<p>${safeText(proof.sentence, limits.sentence)}</p>`;
  return `<h2>Proof by re-runs: ${proof.verdict}</h2>${sentence}${restored}<p class="soft">${proof.runsUsed} re-runs over ${proof.differenceCount} differences; the chance of a wrong answer is at most ${percent(proof.errorRate)}.</p>${
    steps.length > 0
      ? `<table><tr><th>Re-run with</th><th>Metric</th><th>Outcome</th></tr>${within(steps, budgets.steps, (count) => `<tr><td>and ${count} more</td></tr>`)}</table>`
      : ""
  }${left.length > 0 ? `<p>Could not be reverted:</p><ul>${within(left, budgets.left, moreItems)}</ul>` : ""}`;
}

function excludedSection(report: WhyReport): string {
  if (report.excluded.length === 0) return "";
  const items = report.excluded.map(
    ({ difference, reason }) => `<li>${title(difference)} <span class="soft">(${safeText(reason, 120)})</span></li>`,
  );
  return `<h2>Can't be causes</h2><ul>${within(items, budgets.excluded, moreItems)}</ul>`;
}
