import { isDeepwrightError, type RunId } from "@deepwright/core";
import { type Difference, type Run, readVerdict } from "@deepwright/lineage";
import { type Html, html } from "./html.js";
import type { OverviewServices } from "./overview-page.js";
import { formatNumber, formatTime, page, scrolling, whySection } from "./parts.js";

function metricTable(run: Run): Html {
  const rows = Object.entries(run.metrics).map(
    ([name, metric]) =>
      html`<tr><td>${name}</td><td class="number">${formatNumber(metric.last)}</td><td class="number">${
        metric.min === null ? "" : formatNumber(metric.min)
      }</td><td class="number">${metric.max === null ? "" : formatNumber(metric.max)}</td><td class="number">${metric.count}</td></tr>`,
  );
  if (rows.length === 0) return html`<p class="quiet">No metric was logged.</p>`;
  return scrolling(html`<tr><th>metric</th><th class="number">last</th><th class="number">lowest</th><th class="number">highest</th>
<th class="number">points</th></tr>${rows}`);
}

const differenceItem = (difference: Difference): Html =>
  html`<li>${difference.title} <span class="quiet">${difference.kind}</span></li>`;

/** Why it is worse than its baseline, or the sentence that says why that can't be told. What was proven stands. */
async function whyPart({ runs, explainRegression }: OverviewServices, id: RunId): Promise<Html> {
  try {
    const stored = await readVerdict(runs, id);
    const report = stored?.proof ? stored : await explainRegression({ runId: id });
    const differences = [
      ...report.causes.map((cause) => cause.difference),
      ...report.excluded.map((item) => item.difference),
    ];
    const baseline = await runs.getRun({ id: report.baselineId });
    return html`${whySection(report)}<p>Compared with <a href="/runs/${baseline.id}">${baseline.name}</a>:
${report.baselineReason}.</p><h2>What differs</h2><ul>${differences.slice(0, 200).map(differenceItem)}</ul>`;
  } catch (error) {
    if (isDeepwrightError(error) && error.kind !== "internal") return html`<p class="quiet">${error.message}</p>`;
    throw error;
  }
}

/** One run: what it logged, what differs from its baseline, and why. */
export async function runPage(services: OverviewServices, id: RunId): Promise<string> {
  const run = await services.runs.getRun({ id });
  const body = html`<p><a href="/">All runs</a></p><h1>${run.name}</h1>
<p>${run.project}, ${run.status}, started ${formatTime(run.startedAtMs)}. <code>${run.command.join(" ")}</code></p>
${run.note !== "" && html`<p>${run.note}</p>`}<h2>Why</h2>${await whyPart(services, id)}<h2>Metrics</h2>${metricTable(run)}`;
  return page(`${run.name} - Deepwright`, body);
}
