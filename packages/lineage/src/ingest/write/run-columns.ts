import { componentNames } from "@deepwright/core";
import { jsonColumn } from "../parameters.js";
import type { RunDelta } from "../plan.js";
import type { Roots } from "../plan-context.js";

export const rootNames = componentNames.map((name) => `${name}_root`);
export const rootTypes = (prefix: string) => rootNames.map((name) => `${prefix}${name} text`).join(", ");

export function rootColumns(roots: Roots | undefined, prefix = ""): Record<string, string | null> {
  return Object.fromEntries(componentNames.map((name) => [`${prefix}${name}_root`, roots?.[name] ?? null]));
}

export function startColumns(run: RunDelta): Record<string, unknown> {
  const start = run.start;
  return {
    id: run.runId,
    name: start?.name,
    purpose: start?.purpose,
    command_json: jsonColumn(start?.command),
    started_at_ms: Math.round(start?.startedAtMs ?? 0),
    location_json: jsonColumn(start?.location),
    objective_json: jsonColumn(start?.objective),
    parent_run_id: start?.parentRunId ?? null,
    recipe_json: jsonColumn(start?.recipe),
  };
}

export function endColumns(run: RunDelta): Record<string, unknown> {
  return {
    status: run.end?.status ?? null,
    ended_at_ms: run.end ? Math.round(run.end.endedAtMs) : null,
    duration_ms: run.end?.durationMs === undefined ? null : Math.round(run.end.durationMs),
    exit_code: run.end?.exitCode ?? null,
    signal: run.end?.signal ?? null,
  };
}
