import {
  type Clock,
  type EntityKind,
  type Fact,
  isId,
  type JsonValue,
  parseJson,
  type RunId,
  refuseNul,
} from "@deepwright/core";
import type { SqlExecutor } from "@deepwright/store";
import { checkFactBody } from "../ingest/index.js";
import { jsonColumn } from "../ingest/parameters.js";
import { runNotFound } from "./errors.js";

type Executor = Pick<SqlExecutor, "query">;

/** @throws DeepwrightError `UNKNOWN_FACT_KIND`, `INVALID_FACT`, `RUN_NOT_FOUND`, `TEXT_WITH_NUL` */
export async function recordFact(
  executor: Executor,
  fact: Omit<Fact, "recordedAtMs"> & { readonly recordedAtMs?: number },
  clock: Clock,
): Promise<void> {
  refuseNul(fact.entityId, "the id of an entity");
  checkFactBody(fact.kind, fact.body);
  if (fact.entityKind === "run") {
    const runs = isId(fact.entityId)
      ? await executor.query("select 1 from lineage_run where id = $1::uuid", [fact.entityId])
      : [];
    if (runs.length === 0) throw runNotFound(fact.entityId);
  }
  await executor.query(
    `insert into lineage_fact (entity_kind, entity_id, kind, body_json, recorded_at_ms, expires_at_ms)
     values ($1, $2, $3, $4, $5::bigint, $6::bigint)`,
    [
      fact.entityKind,
      fact.entityId,
      fact.kind,
      jsonColumn(fact.body) ?? "null",
      Math.round(fact.recordedAtMs ?? clock.now()),
      fact.expiresAtMs === null ? null : Math.round(fact.expiresAtMs),
    ],
  );
}

/** Facts of an entity, newest first; of facts of one moment the one recorded last. */
export async function listFacts(
  executor: Executor,
  input: { readonly entityKind: EntityKind; readonly entityId: string; readonly kind?: string },
): Promise<readonly Fact[]> {
  const rows = await executor.query<{
    entity_kind: EntityKind;
    entity_id: RunId;
    kind: string;
    body_json: string;
    recorded_at_ms: number;
    expires_at_ms: number | null;
  }>(
    `select entity_kind, entity_id, kind, body_json, recorded_at_ms, expires_at_ms from lineage_fact
     where entity_id = $1 and entity_kind = $2 and ($3::text is null or kind = $3)
     order by recorded_at_ms desc, id desc`,
    [input.entityId, input.entityKind, input.kind ?? null],
  );
  return rows.map((row) => ({
    entityKind: row.entity_kind,
    entityId: row.entity_id,
    kind: row.kind,
    body: parseJson<JsonValue>(row.body_json),
    recordedAtMs: row.recorded_at_ms,
    expiresAtMs: row.expires_at_ms,
  }));
}
