import { type Clock, type JsonValue, parseJson } from "@deepwright/core";
import type { Store } from "@deepwright/store";
import type { LineageEvent } from "../contract/index.js";
import { noRun, unstorable } from "./errors.js";
import { Plan } from "./plan.js";
import { type KnownRows, preparePlan } from "./prepare-plan.js";
import { isDataFailure } from "./sql-failure.js";
import { writePlan } from "./write-plan.js";

interface OrphanRow {
  readonly source_id: string;
  readonly sequence: number;
  readonly event_json: string;
}

/**
 * Applies the events that came before the start of their run. One that can't be stored keeps its place with the reason.
 *
 * @param written told of every plan that was written
 */
export async function adoptOrphans(
  store: Store,
  known: KnownRows,
  clock: Clock,
  runIds: readonly string[],
  written: (plan: Plan) => void,
): Promise<void> {
  const rows = await store.query<OrphanRow>(
    `select source_id, sequence, event_json from lineage_orphan_event
     where code = $1 and run_id = any($2::text[]) order by source_id, sequence`,
    [noRun.code, runIds],
  );
  const adopt = async (some: readonly OrphanRow[]): Promise<void> => {
    const plan = new Plan();
    for (const row of some) {
      plan.add(parseJson<LineageEvent & JsonValue>(row.event_json));
      plan.adopted.push({ sourceId: row.source_id, sequence: row.sequence });
    }
    await writePlan(store, plan, await preparePlan(store, plan, known, clock), clock);
    written(plan);
  };
  try {
    await adopt(rows);
  } catch {
    for (const row of rows) await adopt([row]).catch((error: unknown) => keepWithReason(store, row, error));
  }
}

async function keepWithReason(store: Store, row: OrphanRow, error: unknown): Promise<void> {
  if (!isDataFailure(error)) throw error;
  const { code, message } = unstorable(error as Error);
  await store.query(
    "update lineage_orphan_event set code = $3, message = $4 where source_id = $1 and sequence = $2::bigint",
    [row.source_id, row.sequence, code, message],
  );
}
