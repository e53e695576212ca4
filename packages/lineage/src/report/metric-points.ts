import type { Run, RunService, WhyReport } from "../contract/index.js";
import { isEvidence, sameTask } from "../why/comparable.js";

/** One run in the plot of the metric over runs. */
export interface MetricPoint {
  readonly runId: string;
  readonly name: string;
  readonly startedAtMs: number;
  readonly value: number;
}

const most = 200;

/** The metric of the runs of the same task around the two of a report, oldest first. */
export async function metricPoints(
  service: Pick<RunService, "getRun" | "searchRuns">,
  report: WhyReport,
): Promise<MetricPoint[]> {
  const [subject, baseline] = await Promise.all([
    service.getRun({ id: report.runId }),
    service.getRun({ id: report.baselineId }),
  ]);
  const page = await service.searchRuns({ project: subject.project, first: most });
  const runs = new Map<string, Run>([
    [subject.id, subject],
    [baseline.id, baseline],
  ]);
  for (const run of page.items) if (isEvidence(run, report.objective) && sameTask(run, subject)) runs.set(run.id, run);
  return [...runs.values()]
    .map((run) => ({
      runId: run.id,
      name: run.name,
      startedAtMs: run.startedAtMs,
      value: run.metrics[report.objective.metric]?.last ?? Number.NaN,
    }))
    .sort((a, b) => a.startedAtMs - b.startedAtMs || (a.runId < b.runId ? -1 : 1));
}
