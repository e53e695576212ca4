import { type Clock, parseJson, systemClock } from "@deepwright/core";
import type { Store } from "@deepwright/store";
import type { Dataset, DatasetVersion, GraphService, RunService } from "../contract/index.js";
import { findCycles } from "./cycles.js";
import { declareDatasetVersion } from "./dataset-versions.js";
import { nameEntities, notFound, requireProject } from "./entities.js";
import { declareFeature, listFeatures, reportFeatures } from "./features.js";
import { impactOf } from "./impact.js";
import { checkGates, declareModel, listModels, listModelVersions, registerModelVersion, setAlias } from "./models.js";
import { declareConsumer, deploy, listConsumers, listDeployments } from "./releases.js";
import { reachableIds, walkGraph } from "./walk.js";
import { addEdges, ensureProject } from "./write.js";

async function listDatasets(store: Store, project: string): Promise<readonly Dataset[]> {
  const rows = await store.query<{ id: string; name: string; version_count: number }>(
    `select d.id, d.name, count(v.id)::int as version_count from lineage_dataset d
     left join lineage_dataset_version v on v.dataset_id = d.id where d.project_id = $1 group by d.id order by d.name`,
    [await requireProject(store, project)],
  );
  return rows.map((row) => ({ id: row.id, project, name: row.name, versionCount: row.version_count }));
}

async function listDatasetVersions(store: Store, datasetId: string): Promise<readonly DatasetVersion[]> {
  const rows = await store.query<{ id: string; uri: string; created_at_ms: number; fingerprint_json: string }>(
    `select id, uri, created_at_ms, fingerprint_json from lineage_dataset_version where dataset_id = $1
     order by created_at_ms desc, id desc`,
    [datasetId],
  );
  if (rows.length === 0 && (await nameEntities(store, [datasetId])).get(datasetId)?.kind !== "dataset") {
    throw notFound("DATASET_NOT_FOUND", "the id of a data set", datasetId, "List the data sets of the project.");
  }
  return rows.map((row) => ({
    id: row.id,
    datasetId,
    uri: row.uri,
    createdAtMs: Number(row.created_at_ms),
    fingerprint: parseJson<Record<string, unknown>>(row.fingerprint_json),
  }));
}

/** The graph on a database that has lineage's migrations. */
export function sqlGraphService(store: Store, runs: RunService, clock: Clock = systemClock): GraphService {
  return {
    projectId: ({ project }) => requireProject(store, project),
    walk: (input) => walkGraph(store, input),
    reach: (input) => reachableIds(store, input),
    impact: ({ id }) => impactOf(store, id),
    cycles: async ({ project }) => findCycles(store, await requireProject(store, project)),
    datasets: ({ project }) => listDatasets(store, project),
    datasetVersions: ({ datasetId }) => listDatasetVersions(store, datasetId),
    declareDatasetVersion: (input) => declareDatasetVersion(store, clock, input),
    declareFeature: (input) => declareFeature(store, clock, input),
    features: ({ project }) => listFeatures(store, project),
    featureReport: ({ project }) => reportFeatures(store, project),
    declareModel: (input) => declareModel(store, clock, input),
    models: ({ project }) => listModels(store, project),
    registerModelVersion: (input) => registerModelVersion(store, clock, input),
    modelVersions: ({ modelId }) => listModelVersions(store, modelId),
    checkGates: ({ modelVersionId }) => checkGates(store, runs, modelVersionId),
    setAlias: (input) => setAlias(store, runs, clock, input),
    deploy: (input) => deploy(store, clock, input),
    deployments: ({ project }) => listDeployments(store, project),
    declareConsumer: (input) => declareConsumer(store, clock, input),
    consumers: ({ project }) => listConsumers(store, project),
    connect: async ({ project, edges }) => addEdges(store, await ensureProject(store, project, clock), edges),
  };
}
