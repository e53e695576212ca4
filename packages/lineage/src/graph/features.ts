import { type Clock, newId, refuseNul } from "@deepwright/core";
import type { SqlExecutor, Store } from "@deepwright/store";
import type { Feature, FeatureInput, FeatureReport, FeatureStatus } from "../contract/index.js";
import { requireProject } from "./entities.js";
import { addEdges, checkName, ensureDataset, ensureProject } from "./write.js";

interface FeatureRow {
  readonly id: string;
  readonly name: string;
  readonly owner: string;
  readonly status: FeatureStatus;
  readonly description: string;
  readonly dataset: string | null;
  readonly source_column: string | null;
  readonly declared: boolean;
  readonly used_by: readonly { readonly modelVersionId: string; readonly model: string; readonly version: number }[];
}

const featureQuery = `
  select f.id, f.name, f.owner, f.status, f.description, d.name as dataset, f.source_column, f.declared,
    coalesce((
      select jsonb_agg(jsonb_build_object('modelVersionId', v.id, 'model', m.name, 'version', v.version) order by m.name, v.version)
      from lineage_edge e join lineage_model_version v on v.id = e.to_id join lineage_model m on m.id = v.model_id
      where e.from_id = f.id and e.relation = 'uses'
    ), '[]'::jsonb) as used_by
  from lineage_feature f left join lineage_dataset d on d.id = f.source_dataset_id
  where f.project_id = $1 and ($2::text is null or f.name = $2) order by f.name`;

async function readFeatures(
  store: SqlExecutor,
  project: string,
  projectId: string,
  name: string | null,
): Promise<Feature[]> {
  const rows = await store.query<FeatureRow>(featureQuery, [projectId, name]);
  return rows.map((row) => ({
    id: row.id,
    project,
    name: row.name,
    owner: row.owner,
    status: row.status,
    description: row.description,
    source: row.dataset === null ? null : { dataset: row.dataset, column: row.source_column ?? "" },
    declared: row.declared,
    usedBy: row.used_by,
  }));
}

/** Declares a feature or changes its declaration; what is not given keeps its value, a new feature is active. */
export async function declareFeature(store: Store, clock: Clock, input: FeatureInput): Promise<Feature> {
  checkName(input.name, "feature");
  checkName(input.owner, "feature's owner");
  refuseNul(input.description ?? "", "the description of a feature");
  refuseNul(input.source?.column ?? "", "the column of a feature");
  return store.transaction(async (transaction) => {
    const projectId = await ensureProject(transaction, input.project, clock);
    const datasetId = input.source ? await ensureDataset(transaction, projectId, input.source.dataset, clock) : null;
    const [row] = await transaction.query<{ id: string }>(
      `insert into lineage_feature as f (id, project_id, name, owner, status, description, source_dataset_id, source_column, declared)
       values ($1, $2, $3, $4, coalesce($5::text, 'active'), coalesce($6::text, ''), $7, $8, true)
       on conflict (project_id, name) do update set owner = excluded.owner, declared = true,
         status = coalesce($5, f.status), description = coalesce($6, f.description),
         source_dataset_id = coalesce(excluded.source_dataset_id, f.source_dataset_id),
         source_column = coalesce(excluded.source_column, f.source_column)
       returning id`,
      [
        newId<"feature">(clock),
        projectId,
        input.name,
        input.owner,
        input.status ?? null,
        input.description ?? null,
        datasetId,
        input.source?.column ?? null,
      ],
    );
    const { id } = row as { id: string };
    if (datasetId) {
      await transaction.query("delete from lineage_edge where to_id = $1 and relation = 'source'", [id]);
      await addEdges(transaction, projectId, [
        { fromKind: "dataset", from: datasetId, toKind: "feature", to: id, relation: "source" },
      ]);
    }
    const [feature] = await readFeatures(transaction, input.project, projectId, input.name);
    return feature as Feature;
  });
}

export async function listFeatures(store: SqlExecutor, project: string): Promise<readonly Feature[]> {
  return readFeatures(store, project, await requireProject(store, project), null);
}

/** Features that no model uses, that are deprecated and still used, and that no one declared. */
export async function reportFeatures(store: SqlExecutor, project: string): Promise<FeatureReport> {
  const features = await listFeatures(store, project);
  return {
    unused: features.filter((feature) => feature.declared && feature.usedBy.length === 0),
    deprecatedInUse: features.filter((feature) => feature.status === "deprecated" && feature.usedBy.length > 0),
    undeclared: features.filter((feature) => !feature.declared),
  };
}

/** The ids of features by name; names that no one declared are added as undeclared. */
export async function ensureFeatures(
  store: SqlExecutor,
  clock: Clock,
  projectId: string,
  names: readonly string[],
): Promise<readonly string[]> {
  const distinct = [...new Set(names.map((name) => checkName(name, "feature")))];
  if (distinct.length === 0) return [];
  await store.insertColumns(
    "lineage_feature",
    {
      id: { type: "uuid", values: distinct.map(() => newId<"feature">(clock)) },
      project_id: { type: "uuid", values: distinct.map(() => projectId) },
      name: { type: "text", values: distinct },
      status: { type: "text", values: distinct.map(() => "active") },
      declared: { type: "boolean", values: distinct.map(() => false) },
    },
    { onConflict: "(project_id, name) do nothing" },
  );
  const rows = await store.query<{ id: string }>(
    "select id from lineage_feature where project_id = $1 and name = any($2::text[])",
    [projectId, distinct],
  );
  return rows.map((row) => row.id);
}
