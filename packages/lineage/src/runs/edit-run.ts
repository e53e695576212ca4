import type { RunId } from "@deepwright/core";
import type { SqlExecutor, SqlValue } from "@deepwright/store";
import type { Run } from "../contract/index.js";
import { checkText, limits } from "../ingest/index.js";
import { wellFormed } from "../ingest/parameters.js";
import { runNotFound } from "./errors.js";
import { getRun } from "./read-run.js";

type Executor = Pick<SqlExecutor, "query">;

/** Sets tags; `null` removes one. @throws DeepwrightError `RUN_NOT_FOUND`, `TEXT_WITH_NUL` */
export function setTags(executor: Executor, id: RunId, tags: Readonly<Record<string, string | null>>): Promise<Run> {
  const set: Record<string, string> = {};
  const remove: string[] = [];
  for (const [key, value] of Object.entries(tags)) {
    checkText(key, "tag key", limits.nameLength);
    if (value === null) {
      remove.push(key);
      continue;
    }
    checkText(value, "tag value", limits.textLength);
    Object.defineProperty(set, key, { value, enumerable: true });
  }
  return edit(executor, id, "tags = (tags - $2::text[]) || $3::text::jsonb", [remove, wellFormed(JSON.stringify(set))]);
}

/** @throws DeepwrightError `RUN_NOT_FOUND`, `TEXT_WITH_NUL` */
export function setNote(executor: Executor, id: RunId, note: string): Promise<Run> {
  checkText(note, "note", limits.textLength);
  return edit(executor, id, "note = $2::text", [note]);
}

/** @throws DeepwrightError `RUN_NOT_FOUND` */
export function archiveRun(executor: Executor, id: RunId, archived: boolean): Promise<Run> {
  return edit(executor, id, "archived = $2::boolean", [archived]);
}

async function edit(executor: Executor, id: RunId, assignment: string, values: readonly SqlValue[]): Promise<Run> {
  const rows = await executor.query(`update lineage_run set ${assignment} where id = $1::uuid returning id`, [
    id,
    ...values,
  ]);
  if (rows.length === 0) throw runNotFound(id);
  return getRun(executor, id);
}

/** Marks running runs of which nothing was heard for `silentMs` as lost; they ended when they were last heard. */
export async function markLost(executor: Executor, nowMs: number, silentMs: number): Promise<readonly RunId[]> {
  const rows = await executor.query<{ id: RunId }>(
    `update lineage_run set status = 'lost', ended_at_ms = heartbeat_at_ms
     where status = 'running' and heartbeat_at_ms < $1::bigint returning id`,
    [Math.round(nowMs - silentMs)],
  );
  return rows.map((row) => row.id).sort();
}
