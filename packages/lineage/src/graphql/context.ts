import { type EntityKind, type Fact, isDeepwrightError } from "@deepwright/core";
import type { Store } from "@deepwright/store";
import DataLoader from "dataloader";
import type { NodeReader } from "../components/index.js";
import type {
  Consumer,
  Dataset,
  DatasetVersion,
  Deployment,
  Feature,
  Gate,
  GraphService,
  MetricHistory,
  Model,
  ModelVersion,
  ProjectSummary,
  Run,
  RunService,
} from "../contract/index.js";
import { type NamedEntity, nameEntities } from "../graph/entities.js";
import { mapLoader } from "./loaders/batch.js";
import { type FactKey, factKeyText, loadFacts } from "./loaders/facts.js";
import { batchingNodeReader, type HistoryKey, historyKeyText, loadHistories, loadRuns } from "./loaders/runs.js";
import { loadDatasetVersions, loadGates, loadModelVersions } from "./loaders/versions.js";

/** What the slice resolves from: an opened lineage on a database. */
export interface SliceServices {
  readonly store: Store;
  readonly runs: RunService;
  readonly graph: GraphService;
}

export interface SliceOptions {
  /**
   * Where the text of source files may be read. `anywhere`: the store, then git and the files at the runs' source roots.
   * A server that takes runs of others should say `store`, since a run itself tells where its source root is. Default:
   * `store`.
   */
  readonly sourceText?: "store" | "anywhere";
}

/** One request's view: each thing is read once, and reads of a level of the query go together. */
export interface LineageLoaders {
  readonly run: DataLoader<string, Run | null, string>;
  readonly history: DataLoader<HistoryKey, MetricHistory | null, string>;
  /** Reads the trees of components; what is asked for together is read together. */
  readonly nodes: NodeReader;
  readonly facts: DataLoader<FactKey, readonly Fact[], string>;
  readonly projects: () => Promise<readonly ProjectSummary[]>;
  readonly entity: DataLoader<string, NamedEntity | null, string>;
  readonly datasetVersions: DataLoader<string, readonly DatasetVersion[], string>;
  readonly datasetVersion: DataLoader<string, DatasetVersion | null, string>;
  readonly modelVersions: DataLoader<string, readonly ModelVersion[], string>;
  readonly modelVersion: DataLoader<string, ModelVersion | null, string>;
  readonly gates: DataLoader<string, readonly Gate[], string>;
  readonly datasets: DataLoader<string, readonly Dataset[]>;
  readonly features: DataLoader<string, readonly Feature[]>;
  readonly models: DataLoader<string, readonly Model[]>;
  readonly deployments: DataLoader<string, readonly Deployment[]>;
  readonly consumers: DataLoader<string, readonly Consumer[]>;
}

export interface LineageContext extends SliceServices, SliceOptions {
  readonly loaders: LineageLoaders;
}

/** What resolvers get: the slice's context lies under its name. */
export interface SliceContext {
  readonly lineage: LineageContext;
}

/** `null` in place of the given codes. */
export async function nullWhen<Value>(work: Promise<Value>, ...codes: readonly string[]): Promise<Value | null> {
  try {
    return await work;
  } catch (error) {
    if (isDeepwrightError(error) && codes.includes(error.code)) return null;
    throw error;
  }
}

/** One call per key, remembered for the request: for lists whose size does not grow with the query. */
function remembered<Value>(load: (key: string) => Promise<Value>): DataLoader<string, Value> {
  return new DataLoader<string, Value>((keys) => Promise.all(keys.map(load)), { batch: false });
}

const first = <Item>(items: ReadonlyMap<string, readonly Item[]>): ReadonlyMap<string, Item> =>
  new Map([...items].flatMap(([key, [item]]) => (item === undefined ? [] : [[key, item] as const])));

/** Makes the loaders of one request. */
export function createLoaders({ store, runs, graph }: SliceServices): LineageLoaders {
  let projects: Promise<readonly ProjectSummary[]> | undefined;
  const nothing = () => null;
  const none = () => [];
  return {
    run: mapLoader<string, Run | null>((ids) => loadRuns(store, ids), nothing),
    history: mapLoader<HistoryKey, MetricHistory | null>((keys) => loadHistories(store, keys), nothing, historyKeyText),
    nodes: batchingNodeReader(store),
    facts: mapLoader<FactKey, readonly Fact[]>((keys) => loadFacts(store, keys), none, factKeyText),
    projects() {
      projects ??= runs.projects();
      return projects;
    },
    entity: mapLoader<string, NamedEntity | null>((ids) => nameEntities(store, ids), nothing),
    datasetVersions: mapLoader<string, readonly DatasetVersion[]>(
      (ids) => loadDatasetVersions(store, "dataset_id", ids),
      none,
    ),
    datasetVersion: mapLoader<string, DatasetVersion | null>(
      async (ids) => first(await loadDatasetVersions(store, "id", ids)),
      nothing,
    ),
    modelVersions: mapLoader<string, readonly ModelVersion[]>((ids) => loadModelVersions(store, "model_id", ids), none),
    modelVersion: mapLoader<string, ModelVersion | null>(
      async (ids) => first(await loadModelVersions(store, "id", ids)),
      nothing,
    ),
    gates: mapLoader<string, readonly Gate[]>((ids) => loadGates(store, ids), none),
    datasets: remembered((project) => graph.datasets({ project })),
    features: remembered((project) => graph.features({ project })),
    models: remembered((project) => graph.models({ project })),
    deployments: remembered((project) => graph.deployments({ project })),
    consumers: remembered((project) => graph.consumers({ project })),
  };
}

/** GraphQL type of each kind of entity that has one. */
export const typeOfKind: Readonly<Partial<Record<EntityKind, string>>> = {
  project: "Project",
  run: "Run",
  dataset: "Dataset",
  "dataset-version": "DatasetVersion",
  feature: "Feature",
  model: "Model",
  "model-version": "ModelVersion",
  deployment: "Deployment",
  consumer: "Consumer",
};
