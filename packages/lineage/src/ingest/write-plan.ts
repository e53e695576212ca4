import type { Clock } from "@deepwright/core";
import type { SqlExecutor } from "@deepwright/store";
import type { Plan, RunDelta } from "./plan.js";
import type { PlanContext } from "./plan-context.js";
import { Statement } from "./statement.js";
import { insertNodes, writeConfiguration } from "./write/components.js";
import { insertBlobs, insertFacts } from "./write/content.js";
import { insertDatasets } from "./write/datasets.js";
import { writeMetrics } from "./write/metrics.js";
import { selectWaiting, writeOrphans } from "./write/orphans.js";
import { insertRuns, updateRuns } from "./write/runs.js";
import { moveSources } from "./write/sources.js";

/** Channel of `Store.listen` that tells that runs changed; the payload is a JSON list of run ids. */
export const runChannel = "lineage_run";
/** Ids a payload: far below the 7,900 bytes that it may have. */
const idsPerPayload = 150;

/**
 * Writes a plan in one statement, so one round trip and all or nothing: the positions of the logs, the runs, and all that
 * was logged. What was read before is checked by `lineage_require`, which fails the statement when another writer came
 * between. Gives the new runs for which orphaned events wait.
 */
export async function writePlan(
  executor: Pick<SqlExecutor, "query">,
  plan: Plan,
  context: PlanContext,
  clock: Clock,
): Promise<readonly string[]> {
  const statement = new Statement(clock);
  const runs = [...plan.runs.values()];
  const isNew = (run: RunDelta) => context.newRuns.has(run.runId);
  moveSources(statement, plan);
  insertRuns(statement, context, runs.filter(isNew));
  updateRuns(
    statement,
    context,
    runs.filter((run) => !isNew(run)),
  );
  insertNodes(statement, context);
  writeConfiguration(statement, runs);
  writeMetrics(statement, context, runs);
  insertFacts(statement, runs);
  insertBlobs(statement, plan);
  insertDatasets(statement, context, runs);
  writeOrphans(statement, plan);
  if (runs.length > 0) notify(statement, runs);
  statement.output(`${context.newRuns.size === 0 ? "null::text[]" : selectWaiting(statement, context)} as waiting`);
  const rows = await executor.query<{ waiting: string[] | null }>(statement.text(), statement.parameters.values);
  return rows[0]?.waiting ?? [];
}

/** Tells listeners which runs changed, when the statement is committed. */
function notify(statement: Statement, runs: readonly RunDelta[]): void {
  const payloads: string[] = [];
  for (let start = 0; start < runs.length; start += idsPerPayload) {
    payloads.push(JSON.stringify(runs.slice(start, start + idsPerPayload).map((run) => run.runId)));
  }
  const places = statement.add(payloads);
  statement.output(
    `(select count(pg_notify('${runChannel}', payload)) from unnest(${places}::text[]) as n(payload)) as notified`,
  );
}
