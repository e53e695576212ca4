import type { EvidenceFact, Leaf } from "@deepwright/core";
import type { GraphService, Run, RunService } from "../contract/index.js";
import type { DatedEvidence } from "./score.js";

const source = "lineage";
const day = 86_400_000;
/** Derived evidence is as old as the run it rests on and expires after 90 days. */
const validityMs = 90 * day;

function evidence(test: string, passed: boolean, points: 0.5 | 1, summary: string, run: Run): DatedEvidence {
  const fact: EvidenceFact = { test, points, passed, summary, source };
  const recordedAtMs = run.endedAtMs ?? run.startedAtMs;
  return { ...fact, recordedAtMs, expiresAtMs: recordedAtMs + validityMs };
}

/** What decides the outcome of a run; two runs that agree in all of it should have the same metrics. */
function inputKey(run: Run): string | null {
  const { source: code, configuration, data, platform } = run.components;
  return code === null ? null : [code, configuration, data, platform].join(" ");
}

/** Same value, or within one part in a million: sums on several threads differ in the last digits. */
function equalMetric(a: number, b: number): boolean {
  return Object.is(a, b) || Math.abs(a - b) <= 1e-6 * Math.max(Math.abs(a), Math.abs(b));
}

function reproducibility(runs: readonly Run[]): DatedEvidence | null {
  const groups = new Map<string, Run[]>();
  for (const run of runs) {
    const key = inputKey(run);
    if (key !== null && run.status === "finished") groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  for (const group of groups.values()) {
    const [newest, ...others] = group;
    if (!newest || others.length === 0) continue;
    const differing = Object.entries(newest.metrics).filter(([name, summary]) =>
      others.some((other) => {
        const twin = other.metrics[name];
        return twin !== undefined && !equalMetric(summary.last, twin.last);
      }),
    );
    const summary =
      differing.length === 0
        ? `${group.length} runs with equal source, platform, configuration and data gave equal metrics`
        : `${group.length} runs with equal inputs differ in ${differing.map(([name]) => name).join(", ")}`;
    return evidence("infrastructure-1", differing.length === 0, 1, summary, newest);
  }
  return null;
}

async function reviewedSource(runs: RunService, newest: Run): Promise<DatedEvidence | null> {
  const facts = await runs.component({ id: newest.id, component: "source", prefix: "git/" });
  const commit: Leaf | undefined = facts["git/commit"];
  if (commit === undefined || commit === null) return null;
  const dirty = facts["git/dirty"] === true;
  const summary = dirty
    ? `the newest run trained from source with uncommitted changes on top of ${String(commit).slice(0, 10)}`
    : `the newest run trained from commit ${String(commit).slice(0, 10)} without uncommitted changes`;
  // A commit shows that the source is checked in, not that somebody reviewed it: half of what the test asks.
  return evidence("model-1", !dirty, 0.5, summary, newest);
}

function tuned(runs: readonly Run[]): DatedEvidence | null {
  const configurations = new Set(runs.filter((run) => run.objective).map((run) => run.components.configuration));
  const newest = runs[0];
  if (!newest || configurations.size < 10) return null;
  return evidence(
    "model-3",
    true,
    0.5,
    `${configurations.size} configurations were tried against the objective`,
    newest,
  );
}

function simplerModel(runs: readonly Run[]): DatedEvidence | null {
  const baseline = runs.find((run) => run.tags.role === "baseline" && run.status === "finished");
  const objective = baseline?.objective;
  if (!baseline || !objective) return null;
  const simple = baseline.metrics[objective.metric]?.last;
  const newest = runs.find(
    (run) => run !== baseline && run.tags.role !== "baseline" && run.metrics[objective.metric] !== undefined,
  );
  const full = newest?.metrics[objective.metric]?.last;
  if (!newest || simple === undefined || full === undefined) return null;
  const better = objective.direction === "minimize" ? full < simple : full > simple;
  return evidence("model-5", better, 1, `${objective.metric} ${full} against ${simple} of the simple baseline`, newest);
}

function numericalStability(runs: readonly Run[]): DatedEvidence | null {
  const newest = runs.find((run) => run.status === "finished" && Object.keys(run.metrics).length > 0);
  if (!newest) return null;
  const broken = Object.entries(newest.metrics)
    .filter(([, summary]) => !Number.isFinite(summary.last) || !Number.isFinite(summary.mean))
    .map(([name]) => name);
  const summary =
    broken.length === 0
      ? `no NaN or infinity among the ${Object.keys(newest.metrics).length} metrics of the newest run`
      : `NaN or infinity in ${broken.join(", ")}`;
  // Training is watched, serving is not: half of what the test asks.
  return evidence("monitoring-5", broken.length === 0, 0.5, summary, newest);
}

function durations(runs: readonly Run[]): DatedEvidence | null {
  const [newest, ...earlier] = runs.filter((run) => run.status === "finished" && run.endedAtMs !== null);
  const past = earlier.slice(0, 20).map((run) => (run.endedAtMs ?? 0) - run.startedAtMs);
  if (!newest || past.length < 5) return null;
  past.sort((a, b) => a - b);
  const median = past[past.length >> 1] ?? 0;
  const now = (newest.endedAtMs ?? 0) - newest.startedAtMs;
  const slower = now > 1.5 * median + 1000;
  const summary = `the newest run took ${(now / 1000).toFixed(1)} s, the median of ${past.length} before it ${(median / 1000).toFixed(1)} s`;
  return evidence("monitoring-6", !slower, 0.5, summary, newest);
}

async function gatesAndReleases(graph: GraphService, project: string, newest: Run): Promise<DatedEvidence[]> {
  const result: DatedEvidence[] = [];
  const models = await graph.models({ project });
  const gated = models.filter((model) => model.gates.length > 0);
  if (gated.length > 0) {
    const summary = `${gated.length} of ${models.length} models have gates that an alias can't pass unmet`;
    result.push(evidence("infrastructure-4", gated.length === models.length, 1, summary, newest));
  }
  const deployments = await graph.deployments({ project });
  const canary = deployments.find((deployment) => deployment.environment === "canary");
  if (canary) {
    const passed = deployments.some(
      (deployment) => deployment.environment === "production" && deployment.startedAtMs >= canary.startedAtMs,
    );
    if (passed)
      result.push(evidence("infrastructure-6", true, 1, "a canary deployment preceded the one in production", newest));
  }
  const rolledBack = models.filter((model) => model.rollbackCount > 0);
  if (rolledBack.length > 0) {
    result.push(
      evidence(
        "infrastructure-7",
        true,
        1,
        `an alias of ${rolledBack[0]?.name} was moved back to an earlier version`,
        newest,
      ),
    );
  }
  return result;
}

/**
 * Evidence that the lineage graph itself holds, without anybody writing it down: reproducibility, checked-in source,
 * tuning, simpler models, gates, canaries, rollbacks, numerical stability and training time.
 *
 * @param recent finished and other runs of the project, newest first
 */
export async function deriveEvidence(
  runs: RunService,
  graph: GraphService,
  project: string,
  recent: readonly Run[],
): Promise<readonly DatedEvidence[]> {
  const newest = recent[0];
  if (!newest) return [];
  const found = [
    reproducibility(recent),
    await reviewedSource(runs, newest),
    tuned(recent),
    simplerModel(recent),
    numericalStability(recent),
    durations(recent),
  ].filter((entry): entry is DatedEvidence => entry !== null);
  return [...found, ...(await gatesAndReleases(graph, project, newest))];
}
