import type { NodeSource } from "./base/slice.js";
import { type LineageContext, nullWhen, typeOfKind } from "./context.js";

/** Finds an entity in the list of its project, which is read once a request. */
async function inProject(context: LineageContext, type: string, id: string): Promise<object | null> {
  const { loaders } = context;
  const entity = await loaders.entity.load(id);
  if (!entity || typeOfKind[entity.kind] !== type) return null;
  const project = (await loaders.projects()).find((item) => item.id === entity.projectId);
  if (!project) return null;
  const lists: Readonly<Record<string, () => Promise<readonly { readonly id: string }[]>>> = {
    Dataset: () => loaders.datasets.load(project.name),
    Feature: () => loaders.features.load(project.name),
    Model: () => loaders.models.load(project.name),
    Deployment: () => loaders.deployments.load(project.name),
    Consumer: () => loaders.consumers.load(project.name),
  };
  return (await lists[type]?.())?.find((item) => item.id === id) ?? null;
}

async function load(context: LineageContext, type: string, id: string): Promise<object | null> {
  const { loaders } = context;
  if (type === "Run") return loaders.run.load(id);
  if (type === "Project") return (await loaders.projects()).find((project) => project.id === id) ?? null;
  if (type === "DatasetVersion") return loaders.datasetVersion.load(id);
  if (type === "ModelVersion") return loaders.modelVersion.load(id);
  return inProject(context, type, id);
}

const nodeTypes = Object.values(typeOfKind);

/** Entities by global id, for `Query.node`. */
export function lineageNodes(context: LineageContext): NodeSource {
  return {
    nodeTypes,
    async loadNode(type, id) {
      const found = await nullWhen(load(context, type, id), "RUN_NOT_FOUND", "PROJECT_NOT_FOUND");
      return found && { __typename: type, ...found };
    },
  };
}
