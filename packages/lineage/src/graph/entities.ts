import { DeepwrightError, type EntityKind } from "@deepwright/core";
import type { SqlExecutor } from "@deepwright/store";

/**
 * One SELECT a kind that names entities: columns id, kind, name, project_id. Versions are named by their parent and
 * number or first digits.
 */
const nameQueries = `
  select id, 'project' as kind, name, id as project_id from lineage_project where id = any($1::uuid[])
  union all select id, 'run', name, project_id from lineage_run where id = any($1::uuid[])
  union all select id, 'dataset', name, project_id from lineage_dataset where id = any($1::uuid[])
  union all select v.id, 'dataset-version', d.name || ' ' || left(v.fingerprint_hash, 8), d.project_id
    from lineage_dataset_version v join lineage_dataset d on d.id = v.dataset_id where v.id = any($1::uuid[])
  union all select id, 'feature', name, project_id from lineage_feature where id = any($1::uuid[])
  union all select id, 'model', name, project_id from lineage_model where id = any($1::uuid[])
  union all select v.id, 'model-version', m.name || ' ' || v.version, m.project_id
    from lineage_model_version v join lineage_model m on m.id = v.model_id where v.id = any($1::uuid[])
  union all select d.id, 'deployment', m.name || ' ' || v.version || ' in ' || d.environment, d.project_id
    from lineage_deployment d join lineage_model_version v on v.id = d.model_version_id
    join lineage_model m on m.id = v.model_id where d.id = any($1::uuid[])
  union all select id, 'consumer', name, project_id from lineage_consumer where id = any($1::uuid[])`;

export interface NamedEntity {
  readonly id: string;
  readonly kind: EntityKind;
  readonly name: string;
  readonly projectId: string;
}

/** Names of the entities that exist among the ids, keyed by id. */
export async function nameEntities(
  store: SqlExecutor,
  ids: readonly string[],
): Promise<ReadonlyMap<string, NamedEntity>> {
  const rows = await store.query<{ id: string; kind: EntityKind; name: string; project_id: string }>(nameQueries, [
    ids,
  ]);
  return new Map(
    rows.map((row) => [row.id, { id: row.id, kind: row.kind, name: row.name, projectId: row.project_id }]),
  );
}

/** @throws DeepwrightError `ENTITY_NOT_FOUND` */
export async function requireEntity(store: SqlExecutor, id: string): Promise<NamedEntity> {
  const entity = (await nameEntities(store, [id])).get(id);
  if (entity) return entity;
  throw notFound(
    "ENTITY_NOT_FOUND",
    "the id of an entity of the lineage graph",
    id,
    "List the entities of the project and copy the id.",
  );
}

export function notFound(code: string, expected: string, got: string, todo: string): DeepwrightError {
  return new DeepwrightError({ code, kind: "not-found", expected, got: JSON.stringify(got), todo });
}

/** @throws DeepwrightError `PROJECT_NOT_FOUND` */
export async function requireProject(store: SqlExecutor, name: string): Promise<string> {
  const [row] = await store.query<{ id: string }>("select id from lineage_project where name = $1", [name]);
  if (row) return row.id;
  throw notFound(
    "PROJECT_NOT_FOUND",
    "the name of a project with recorded runs",
    name,
    "List them with `deepwright projects`.",
  );
}
