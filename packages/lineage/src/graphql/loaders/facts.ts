import { type EntityKind, type Fact, type JsonValue, parseJson } from "@deepwright/core";
import type { SqlExecutor } from "@deepwright/store";
import { groupBy } from "./batch.js";

export interface FactKey {
  readonly entityKind: EntityKind;
  readonly entityId: string;
  /** Empty: facts of all kinds. */
  readonly kind: string;
}

export const factKeyText = (key: FactKey): string => `${key.entityKind} ${key.entityId} ${key.kind}`;

interface FactRow {
  readonly entity_kind: EntityKind;
  readonly entity_id: string;
  readonly kind: string;
  readonly wanted_kind: string;
  readonly body_json: string;
  readonly recorded_at_ms: number;
  readonly expires_at_ms: number | null;
}

/** Facts of many entities in one query, newest first. */
export async function loadFacts(
  store: SqlExecutor,
  keys: readonly FactKey[],
): Promise<ReadonlyMap<string, readonly Fact[]>> {
  const rows = await store.query<FactRow>(
    `select fact.entity_kind, fact.entity_id, fact.kind, wanted.kind as wanted_kind, fact.body_json, fact.recorded_at_ms,
       fact.expires_at_ms
     from unnest($1::text[], $2::text[], $3::text[]) as wanted(entity_kind, entity_id, kind)
     join lineage_fact fact on fact.entity_id = wanted.entity_id and fact.entity_kind = wanted.entity_kind
       and (wanted.kind = '' or fact.kind = wanted.kind)
     order by fact.recorded_at_ms desc, fact.id desc`,
    [keys.map((key) => key.entityKind), keys.map((key) => key.entityId), keys.map((key) => key.kind)],
  );
  const groups = groupBy(rows, (row) =>
    factKeyText({ entityKind: row.entity_kind, entityId: row.entity_id, kind: row.wanted_kind }),
  );
  return new Map([...groups].map(([key, group]) => [key, group.map(readFact)]));
}

function readFact(row: FactRow): Fact {
  return {
    entityKind: row.entity_kind,
    entityId: row.entity_id,
    kind: row.kind,
    body: parseJson<JsonValue>(row.body_json),
    recordedAtMs: Number(row.recorded_at_ms),
    expiresAtMs: row.expires_at_ms === null ? null : Number(row.expires_at_ms),
  };
}
