import { type JsonValue, type ProjectId, parseJson, type RunId, type RunStatus } from "@deepwright/core";
import type { SqlExecutor } from "@deepwright/store";
import type { MetricSummary, Objective, Run, RunLocation } from "../contract/index.js";

/** The columns of {@link RunRow}, for a query whose `from` names the run `r` and its project `p`. */
export const runColumns = `r.id, r.project_id, p.name as project, r.name, r.status, r.purpose, r.command_json, r.started_at_ms,
  r.ended_at_ms, r.heartbeat_at_ms, r.duration_ms, r.exit_code, r.signal, r.location_json, r.objective_json, r.parent_run_id, r.recipe_json,
  r.hardware_root, r.platform_root, r.source_root, r.configuration_root, r.data_root, r.model_root, r.tags, r.note, r.archived`;

export interface RunRow {
  readonly id: RunId;
  readonly project_id: ProjectId;
  readonly project: string;
  readonly name: string;
  readonly status: RunStatus;
  readonly purpose: "user" | "proof";
  readonly command_json: string;
  readonly started_at_ms: number;
  readonly ended_at_ms: number | null;
  readonly heartbeat_at_ms: number;
  readonly duration_ms: number | null;
  readonly exit_code: number | null;
  readonly signal: string | null;
  readonly location_json: string;
  readonly objective_json: string | null;
  readonly parent_run_id: RunId | null;
  readonly recipe_json: string | null;
  readonly hardware_root: string | null;
  readonly platform_root: string | null;
  readonly source_root: string | null;
  readonly configuration_root: string | null;
  readonly data_root: string | null;
  readonly model_root: string | null;
  readonly tags: Record<string, string>;
  readonly note: string;
  readonly archived: boolean;
}

interface MetricRow {
  readonly run_id: RunId;
  readonly name: string;
  readonly point_count: number;
  readonly nan_count: number;
  readonly last_value: number;
  readonly last_step: number;
  readonly min_value: number;
  readonly min_step: number;
  readonly max_value: number;
  readonly max_step: number;
  readonly mean_value: number;
}

/** Reads the metrics of the given rows in one statement and makes runs of them, in the same order. */
export async function toRuns(executor: Pick<SqlExecutor, "query">, rows: readonly RunRow[]): Promise<Run[]> {
  if (rows.length === 0) return [];
  const metricRows = await executor.query<MetricRow>(
    `select run_id, name, point_count, nan_count, last_value, last_step, min_value, min_step, max_value, max_step, mean_value
     from lineage_metric where run_id = any($1::uuid[]) order by run_id, name`,
    [rows.map((row) => row.id)],
  );
  const metrics = new Map<RunId, Record<string, MetricSummary>>();
  for (const row of metricRows) {
    let summaries = metrics.get(row.run_id);
    if (summaries === undefined) {
      summaries = {};
      metrics.set(row.run_id, summaries);
    }
    // Defined and not assigned, so that a metric named `__proto__` is one.
    Object.defineProperty(summaries, row.name, { value: toSummary(row), enumerable: true });
  }
  return rows.map((row) => toRun(row, metrics.get(row.id) ?? {}));
}

function toSummary(row: MetricRow): MetricSummary {
  const known = row.nan_count < row.point_count;
  return {
    count: row.point_count,
    last: row.last_value,
    lastStep: row.last_step,
    min: known ? row.min_value : null,
    minStep: known ? row.min_step : null,
    max: known ? row.max_value : null,
    maxStep: known ? row.max_step : null,
    mean: row.mean_value,
  };
}

function toRun(row: RunRow, metrics: Record<string, MetricSummary>): Run {
  return {
    id: row.id,
    projectId: row.project_id,
    project: row.project,
    name: row.name,
    status: row.status,
    purpose: row.purpose,
    command: parseJson<string[]>(row.command_json),
    startedAtMs: row.started_at_ms,
    endedAtMs: row.ended_at_ms,
    durationMs: row.duration_ms,
    heartbeatAtMs: row.heartbeat_at_ms,
    exitCode: row.exit_code,
    signal: row.signal,
    location: parseJson<JsonValue>(row.location_json) as unknown as RunLocation,
    objective: row.objective_json === null ? null : (parseJson(row.objective_json) as unknown as Objective),
    parentRunId: row.parent_run_id,
    recipe: row.recipe_json === null ? null : parseJson(row.recipe_json),
    components: {
      hardware: row.hardware_root,
      platform: row.platform_root,
      source: row.source_root,
      configuration: row.configuration_root,
      data: row.data_root,
      model: row.model_root,
    },
    tags: row.tags,
    note: row.note,
    archived: row.archived,
    metrics,
  };
}
