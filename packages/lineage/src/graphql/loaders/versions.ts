import { parseJson, type RunId } from "@deepwright/core";
import type { SqlExecutor } from "@deepwright/store";
import type { DatasetVersion, Gate, ModelVersion } from "../../contract/index.js";
import { groupBy } from "./batch.js";

interface DatasetVersionRow {
  readonly id: string;
  readonly dataset_id: string;
  readonly uri: string;
  readonly created_at_ms: number;
  readonly fingerprint_json: string;
}

/** Versions of many data sets in one query, newest first. `column`: whether the ids are those of sets or of versions. */
export async function loadDatasetVersions(
  store: SqlExecutor,
  column: "dataset_id" | "id",
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly DatasetVersion[]>> {
  const rows = await store.query<DatasetVersionRow>(
    `select id, dataset_id, uri, created_at_ms, fingerprint_json from lineage_dataset_version
     where ${column} = any($1::uuid[]) order by created_at_ms desc, id desc`,
    [ids],
  );
  const versions = rows.map((row) => ({
    id: row.id,
    datasetId: row.dataset_id,
    uri: row.uri,
    createdAtMs: Number(row.created_at_ms),
    fingerprint: parseJson<Record<string, unknown>>(row.fingerprint_json),
  }));
  return groupBy(versions, (version) => (column === "id" ? version.id : version.datasetId));
}

interface ModelVersionRow {
  readonly id: string;
  readonly model_id: string;
  readonly model: string;
  readonly version: number;
  readonly run_id: string | null;
  readonly created_at_ms: number;
  readonly description: string;
  readonly aliases: readonly string[] | null;
}

/** Versions of many models in one query, newest first. `column`: whether the ids are those of models or of versions. */
export async function loadModelVersions(
  store: SqlExecutor,
  column: "model_id" | "id",
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly ModelVersion[]>> {
  const rows = await store.query<ModelVersionRow>(
    `select version.id, version.model_id, model.name as model, version.version, version.run_id, version.created_at_ms,
       version.description, (select array_agg(alias.alias order by alias.alias) from lineage_model_alias alias
         where alias.model_id = version.model_id and alias.version = version.version) as aliases
     from lineage_model_version version join lineage_model model on model.id = version.model_id
     where version.${column} = any($1::uuid[]) order by version.version desc`,
    [ids],
  );
  const versions = rows.map(
    (row): ModelVersion => ({
      id: row.id,
      modelId: row.model_id,
      model: row.model,
      version: row.version,
      runId: row.run_id as RunId | null,
      createdAtMs: Number(row.created_at_ms),
      description: row.description,
      aliases: row.aliases ?? [],
    }),
  );
  return groupBy(versions, (version) => (column === "id" ? version.id : version.modelId));
}

/** Gates of many models in one query. */
export async function loadGates(
  store: SqlExecutor,
  modelIds: readonly string[],
): Promise<ReadonlyMap<string, readonly Gate[]>> {
  const rows = await store.query<{ id: string; gates_json: string }>(
    "select id, gates_json from lineage_model where id = any($1::uuid[])",
    [modelIds],
  );
  return new Map(rows.map((row) => [row.id, parseJson<Gate[]>(row.gates_json)]));
}
