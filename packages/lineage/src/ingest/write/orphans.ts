import { jsonColumn } from "../parameters.js";
import type { OrphanEvent, Plan } from "../plan.js";
import type { PlanContext } from "../plan-context.js";
import type { Statement } from "../statement.js";

/** Sets events aside, and takes away those that the plan applies. */
export function writeOrphans(statement: Statement, plan: Plan): void {
  if (plan.orphans.length > 0) {
    statement.part(
      "orphans",
      `insert into lineage_orphan_event (source_id, sequence, run_id, code, message, event_json, received_at_ms)
       select source_id, sequence, run_id, code, message, event_json, ${statement.now}
       from json_to_recordset(${statement.addRows(plan.orphans.map(orphanColumns))})
         as t(source_id text, sequence bigint, run_id text, code text, message text, event_json text)`,
    );
  }
  if (plan.adopted.length > 0) {
    statement.part(
      "adopted",
      `delete from lineage_orphan_event o using json_to_recordset(${statement.addRows(
        plan.adopted.map(({ sourceId, sequence }) => ({ source_id: sourceId, sequence })),
      )}) as t(source_id text, sequence bigint)
       where o.source_id = t.source_id and o.sequence = t.sequence returning 1`,
    );
    statement.require("adopted", plan.adopted.length);
  }
}

/** The new runs for which events wait, as SQL. */
export function selectWaiting(statement: Statement, context: PlanContext): string {
  return `(select array_agg(distinct run_id) from lineage_orphan_event
    where code = 'RUN_NOT_FOUND' and run_id = any(${statement.add([...context.newRuns])}::text[]))`;
}

function orphanColumns(orphan: OrphanEvent): Record<string, unknown> {
  return {
    source_id: orphan.sourceId,
    sequence: orphan.sequence,
    run_id: orphan.runId,
    code: orphan.code,
    message: orphan.message.replaceAll("\0", "\\0"),
    event_json: jsonColumn(orphan.event) ?? "null",
  };
}
