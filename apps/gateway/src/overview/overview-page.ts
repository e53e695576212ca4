import type { RunId } from "@deepwright/core";
import { type Run, type RunService, readVerdict, type WhyReport } from "@deepwright/lineage";
import { type Html, html } from "./html.js";
import { change, count, formatNumber, formatTime, objectiveValue, page, scrolling, whySection } from "./parts.js";

export interface OverviewServices {
  readonly runs: RunService;
  readonly explainRegression: (input: { readonly runId: RunId; readonly baselineId?: RunId }) => Promise<WhyReport>;
}

const shownRuns = 25;

const empty = html`<h2>Nothing here yet</h2><p>Record a run in the folder of your training script:</p>
<pre>npx deepwright run -- python train.py</pre><p>Then reload this page.</p>`;

/** The run before it in time with the same project and objective. */
function previousOf(runs: readonly Run[], run: Run): Run | undefined {
  return runs.find(
    (other) =>
      other.startedAtMs < run.startedAtMs &&
      other.project === run.project &&
      other.objective?.metric === run.objective?.metric &&
      objectiveValue(other) !== undefined,
  );
}

function runRow(run: Run, previous: Run | undefined): Html {
  const value = objectiveValue(run);
  return html`<tr><td><a href="/runs/${run.id}">${run.name}</a></td><td>${run.project}</td><td>${run.status}</td>
<td>${formatTime(run.startedAtMs)}</td><td>${run.objective?.metric ?? ""}</td><td class="number">${
    value === undefined ? "" : formatNumber(value)
  }</td><td>${change(run, previous)}</td></tr>`;
}

/** The newest stored verdict of the shown runs. */
async function latestVerdict({ runs }: OverviewServices, items: readonly Run[]) {
  for (const run of items) {
    const report = await readVerdict(runs, run.id);
    if (report) return { run, report };
  }
  return undefined;
}

/** Projects, newest runs, and the latest verdict. */
export async function overviewPage(services: OverviewServices): Promise<string> {
  const [projects, { items }] = await Promise.all([
    services.runs.projects(),
    services.runs.searchRuns({ first: shownRuns }),
  ]);
  const verdict = await latestVerdict(services, items);
  const verdictPart = verdict
    ? html`<h2>Why <a href="/runs/${verdict.run.id}">${verdict.run.name}</a> got worse</h2>${whySection(verdict.report)}`
    : null;
  const projectPart = html`<h2>Projects</h2><ul>${projects.map(
    (project) =>
      html`<li>${project.name} <span class="quiet">${count(project.runCount, "run")}${
        project.proofRunCount > 0 && `, ${count(project.proofRunCount, "re-run")} of proofs`
      }</span></li>`,
  )}</ul>`;
  const rows = html`<tr><th>run</th><th>project</th><th>status</th><th>started</th>
<th>objective</th><th class="number">value</th><th>against the run before</th></tr>${items.map((run) =>
    runRow(run, previousOf(items, run)),
  )}`;
  const runPart = html`<h2>Newest runs</h2>${scrolling(rows)}`;
  const body = items.length === 0 ? empty : html`${verdictPart}${runPart}${projectPart}`;
  const footer = html`<p class="quiet">The same and more by GraphQL: <code>POST /graphql</code>; live updates by graphql-ws on the
same path and by server-sent events on <code>/graphql/stream</code>.</p>`;
  return page("Deepwright", html`<h1>Deepwright</h1>${body}${footer}`);
}
