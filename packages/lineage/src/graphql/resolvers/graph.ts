import type { EntityKind } from "@deepwright/core";
import type {
  Consumer,
  Dataset,
  DatasetVersion,
  Deployment,
  Feature,
  Gate,
  GraphNode,
  GraphWalk,
  Model,
  ModelVersion,
  ProjectSummary,
} from "../../contract/index.js";
import { judgeGates } from "../../graph/models.js";
import { type ConnectionArguments, listConnection } from "../base/connection.js";
import { entityId, toGlobalId } from "../base/global-id.js";
import { type SliceContext, typeOfKind } from "../context.js";
import { connectionFields, globalId, property } from "./fields.js";

/** Global id of an entity of any kind; kinds without a GraphQL type of their own keep the kind's name. */
const entityGlobalId = (kind: EntityKind, id: string): string => toGlobalId(typeOfKind[kind] ?? kind, id);

type ListName = "datasets" | "features" | "models" | "deployments" | "consumers";

/** A connection over one of the lists of a project. */
const listOf =
  (name: ListName) =>
  async (project: ProjectSummary, list: ConnectionArguments, { lineage }: SliceContext) =>
    listConnection<{ readonly id: string }>(await lineage.loaders[name].load(project.name), list, (item) => item.id);

/** Ends of edges are bare ids; their kinds are those of the nodes of the walk. */
function walkOf(walk: GraphWalk): object {
  const ids = new Map(walk.nodes.map((node) => [node.id, entityGlobalId(node.kind, node.id)]));
  const edges = walk.edges.flatMap(({ from, to, relation }) => {
    const [upstream, downstream] = [ids.get(from), ids.get(to)];
    return upstream && downstream ? [{ from: upstream, to: downstream, relation }] : [];
  });
  return { nodes: walk.nodes, edges, truncated: walk.truncated };
}

interface WalkArguments {
  readonly id: string;
  readonly direction: "upstream" | "downstream";
  readonly maxDepth?: number | null;
  readonly maxNodes?: number | null;
}

export const graphResolvers = {
  Query: {
    lineage: async (_: never, { id, direction, maxDepth, maxNodes }: WalkArguments, { lineage }: SliceContext) =>
      walkOf(
        await lineage.graph.walk({
          id: entityId(id),
          direction,
          maxDepth: maxDepth ?? 20,
          maxNodes: Math.min(maxNodes ?? 1000, 10_000),
        }),
      ),
    impact: async (_: never, { id }: { readonly id: string }, { lineage }: SliceContext) =>
      lineage.graph.impact({ id: entityId(id) }),
  },
  Project: {
    datasets: listOf("datasets"),
    features: listOf("features"),
    featureReport: (project: ProjectSummary, _: never, { lineage }: SliceContext) =>
      lineage.graph.featureReport({ project: project.name }),
    models: listOf("models"),
    deployments: listOf("deployments"),
    consumers: listOf("consumers"),
    cycles: (project: ProjectSummary, _: never, { lineage }: SliceContext) =>
      lineage.graph.cycles({ project: project.name }),
  },
  LineageNode: { id: (node: GraphNode) => entityGlobalId(node.kind, node.id) },
  Impact: {
    id: async (impact: { readonly id: string }, _: never, { lineage }: SliceContext) => {
      const entity = await lineage.loaders.entity.load(impact.id);
      return entityGlobalId(entity?.kind ?? "run", impact.id);
    },
  },
  Dataset: {
    id: globalId("Dataset"),
    projectName: (dataset: Dataset) => dataset.project,
    versions: (dataset: Dataset, _: never, { lineage }: SliceContext) =>
      lineage.loaders.datasetVersions.load(dataset.id),
  },
  DatasetVersion: {
    id: globalId("DatasetVersion"),
    createdAt: (version: DatasetVersion) => version.createdAtMs,
  },
  Feature: { id: globalId("Feature"), projectName: (feature: Feature) => feature.project },
  FeatureUse: {
    modelVersionId: (use: Feature["usedBy"][number]) => toGlobalId("ModelVersion", use.modelVersionId),
  },
  Gate: { comparison: (gate: Gate) => gate.op },
  Model: {
    id: globalId("Model"),
    projectName: (model: Model) => model.project,
    aliases: (model: Model) => Object.entries(model.aliases).map(([name, version]) => ({ name, version })),
    versions: (model: Model, _: never, { lineage }: SliceContext) => lineage.loaders.modelVersions.load(model.id),
  },
  ModelVersion: {
    id: globalId("ModelVersion"),
    modelName: (version: ModelVersion) => version.model,
    createdAt: (version: ModelVersion) => version.createdAtMs,
    run: (version: ModelVersion, _: never, { lineage }: SliceContext) =>
      version.runId && lineage.loaders.run.load(version.runId),
    gateResults: async (version: ModelVersion, _: never, { lineage }: SliceContext) => {
      const [gates, run] = await Promise.all([
        lineage.loaders.gates.load(version.modelId),
        version.runId === null ? null : lineage.loaders.run.load(version.runId),
      ]);
      return judgeGates(gates, run?.metrics ?? {});
    },
  },
  Deployment: {
    id: globalId("Deployment"),
    startedAt: property("startedAtMs"),
    modelVersion: (deployment: Deployment, _: never, { lineage }: SliceContext) =>
      lineage.loaders.modelVersion.load(deployment.modelVersionId),
  },
  Consumer: { id: globalId("Consumer"), projectName: (consumer: Consumer) => consumer.project },
  DatasetConnection: connectionFields,
  FeatureConnection: connectionFields,
  ModelConnection: connectionFields,
  DeploymentConnection: connectionFields,
  ConsumerConnection: connectionFields,
};
