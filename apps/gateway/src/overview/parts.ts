import type { RankedCause, Run, WhyReport } from "@deepwright/lineage";
import { type Html, html } from "./html.js";
import { style } from "./style.js";

const numberFormat = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 6 });

export const formatNumber = (value: number): string =>
  Number.isFinite(value) ? numberFormat.format(value) : String(value);

export const formatTime = (milliseconds: number): string =>
  `${new Date(milliseconds).toISOString().slice(0, 16).replace("T", " ")} UTC`;

/** `1 re-run`, `2 re-runs`. */
export const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? "" : "s"}`;

/** A table that scrolls by itself where the screen is narrow. */
export const scrolling = (rows: Html): Html => html`<div class="scrolling"><table>${rows}</table></div>`;

export function page(title: string, body: Html): string {
  const { text } =
    html`<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title><style>`;
  const rest = html`</style></head><body>${body}</body></html>`;
  return `${text}${style}${rest.text}`;
}

/** The last value of the objective; `undefined` without an objective or before the first value. */
export function objectiveValue(run: Run): number | undefined {
  return run.objective ? run.metrics[run.objective.metric]?.last : undefined;
}

/** How the objective changed against another run, with the words better or worse by the objective's direction. */
export function change(run: Run, baseline: Run | undefined): Html | null {
  const [value, before] = [objectiveValue(run), baseline && objectiveValue(baseline)];
  if (value === undefined || before === undefined || !run.objective) return null;
  const difference = value - before;
  if (difference === 0) return html`<span class="quiet">the same</span>`;
  const worse = run.objective.direction === "minimize" ? difference > 0 : difference < 0;
  const percent =
    before === 0 ? "" : ` (${difference > 0 ? "+" : ""}${((100 * difference) / Math.abs(before)).toFixed(1)} %)`;
  const sign = difference > 0 ? "+" : "";
  return html`<span class="${worse ? "worse" : "better"}">${sign}${formatNumber(difference)}${percent} ${worse ? "worse" : "better"}</span>`;
}

const causeRow = (cause: RankedCause): Html =>
  html`<tr><td class="number">${cause.score.toFixed(2)}</td><td>${cause.difference.title}</td><td>${cause.evidence
    .map((item) => item.sentence)
    .join(" ")}</td></tr>`;

/** The answer first, the evidence below. */
export function whySection(report: WhyReport): Html {
  const proof = report.proof
    ? html`<p><strong>Proof:</strong> ${report.proof.sentence === report.sentence ? null : report.proof.sentence} <span class="quiet">${count(report.proof.runsUsed, "re-run")}; a wrong answer has at most ${100 * report.proof.errorRate} % probability.</span></p>`
    : html`<p class="quiet">Not proven by re-runs yet: <code>deepwright why ${report.runId} --prove</code></p>`;
  const causes = report.causes.slice(0, 10);
  const table = scrolling(
    html`<tr><th class="number">score</th><th>difference</th><th>evidence</th></tr>${causes.map(causeRow)}`,
  );
  return html`<blockquote>${report.sentence}</blockquote><p>${report.worse.sentence}</p>${proof}${causes.length > 0 && table}
<p class="quiet">${count(report.excluded.length, "difference")} can't be causes; ${count(report.equalCount, "other thing")} ${
    report.equalCount === 1 ? "is" : "are"
  } equal.</p>`;
}
