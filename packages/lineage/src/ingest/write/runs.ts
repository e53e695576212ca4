import type { RunDelta } from "../plan.js";
import type { PlanContext } from "../plan-context.js";
import type { Statement } from "../statement.js";
import { endColumns, rootColumns, rootNames, rootTypes, startColumns } from "./run-columns.js";

/** A heartbeat that is newer by less is not written: runs that log often would rewrite their row all the time. */
const heartbeatResolutionMs = 1000;

/** Makes runs; fails when one is there already. */
export function insertRuns(statement: Statement, context: PlanContext, runs: readonly RunDelta[]): void {
  if (runs.length === 0) return;
  const rows = runs.map((run) => ({
    ...startColumns(run),
    ...endColumns(run),
    project_id: context.projectIds.get(run.runId),
    tags: Object.fromEntries(run.tags),
    ...rootColumns(context.rootsAfter.get(run.runId)),
  }));
  statement.part(
    "made",
    `insert into lineage_run (id, project_id, name, status, purpose, command_json, started_at_ms, ended_at_ms,
       heartbeat_at_ms, duration_ms, exit_code, signal, location_json, objective_json, parent_run_id, recipe_json, tags,
       ${rootNames.join(", ")})
     select id, project_id, name, coalesce(status, 'running'), purpose, command_json, started_at_ms, ended_at_ms,
       ${statement.now}, duration_ms, exit_code, signal, location_json, objective_json, parent_run_id, recipe_json, tags,
       ${rootNames.join(", ")}
     from json_to_recordset(${statement.addRows(rows)}) as t(id uuid, project_id uuid, name text, status text,
       purpose text, command_json text, started_at_ms bigint, ended_at_ms bigint, duration_ms bigint, exit_code int, signal text,
       location_json text, objective_json text, parent_run_id uuid, recipe_json text, tags jsonb, ${rootTypes("")})
     on conflict (id) do nothing returning 1`,
  );
  statement.require("made", runs.length);
}

/** Writes what changes on runs that exist; fails when the trees of one are not those that the plan began with. */
export function updateRuns(statement: Statement, context: PlanContext, runs: readonly RunDelta[]): void {
  const changed = runs.filter((run) => run.end || run.tags.size > 0 || context.rootsAfter.has(run.runId));
  const silent = runs.filter((run) => !changed.includes(run)).map((run) => run.runId);
  if (silent.length > 0) {
    statement.part(
      "beat",
      `update lineage_run r set heartbeat_at_ms = ${statement.now}, ${revival("null", "null::bigint")}
       from unnest(${statement.add(silent)}::uuid[]) as t(id)
       where r.id = t.id and (r.heartbeat_at_ms < ${statement.now} - ${heartbeatResolutionMs} or r.status = 'lost')`,
    );
  }
  if (changed.length === 0) return;
  const rows = changed.map((run) => ({
    id: run.runId,
    ...endColumns(run),
    ended: run.end !== undefined,
    tags: Object.fromEntries(run.tags),
    moved: context.rootsAfter.has(run.runId),
    ...rootColumns(context.rootsAfter.get(run.runId)),
    ...rootColumns(context.rootsBefore.get(run.runId), "old_"),
  }));
  statement.part(
    "changed",
    `update lineage_run r set heartbeat_at_ms = ${statement.now}, ${revival("t.status", "t.ended_at_ms")},
       duration_ms = case when t.ended then t.duration_ms else r.duration_ms end,
       exit_code = case when t.ended then t.exit_code else r.exit_code end,
       signal = case when t.ended then t.signal else r.signal end,
       tags = r.tags || t.tags,
       ${rootNames.map((name) => `${name} = case when t.moved then t.${name} else r.${name} end`).join(", ")}
     from json_to_recordset(${statement.addRows(rows)}) as t(id uuid, status text, ended_at_ms bigint,
       duration_ms bigint, exit_code int, signal text, ended boolean, tags jsonb, moved boolean, ${rootTypes("")}, ${rootTypes("old_")})
     where r.id = t.id and (not t.moved or (${rootNames
       .map((name) => `r.${name} is not distinct from t.old_${name}`)
       .join(" and ")}))
     returning 1`,
  );
  statement.require("changed", changed.length);
}

/** A lost run comes back to life with any event; a `lost` that comes late does not overrule how the run ended. */
function revival(status: string, endedAtMs: string): string {
  const overruled = `(${status} = 'lost' and r.status not in ('running', 'lost'))`;
  return `status = case when ${status} is null then case when r.status = 'lost' then 'running' else r.status end
      when ${overruled} then r.status else ${status} end,
    ended_at_ms = case when ${status} is null then case when r.status = 'lost' then null else r.ended_at_ms end
      when ${overruled} then r.ended_at_ms else ${endedAtMs} end`;
}
