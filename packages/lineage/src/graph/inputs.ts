import { componentMapSchema, entityKindSchema } from "@deepwright/core";
import { z } from "zod";
import { featureStatuses } from "../contract/graph.js";
import type { GraphService } from "../contract/index.js";

const id = z.uuid().describe("Id of an entity, a lower-case UUID");
const text = z.string().max(10_000);
const project = z.string().max(500).describe("Name of the project");
const name = z.string().max(500);
const byProject = z.strictObject({ project });

const walk = z.strictObject({
  id,
  direction: z.enum(["upstream", "downstream"]),
  maxDepth: z.int().min(1).max(100).optional(),
  maxNodes: z.int().min(1).max(1_000_000).optional(),
});

const gate = z.strictObject({
  name,
  metric: name,
  op: z.enum(["<", "<=", ">", ">="]),
  value: z.number(),
});

/** What each method of the graph takes, checked where it comes in from outside. */
export const graphInputs = {
  projectId: byProject,
  walk,
  reach: walk,
  impact: z.strictObject({ id }),
  cycles: byProject,
  datasets: byProject,
  datasetVersions: z.strictObject({ datasetId: id }),
  declareDatasetVersion: z.strictObject({ project, name, uri: text, fingerprint: componentMapSchema }),
  declareFeature: z.strictObject({
    project,
    name,
    owner: name,
    status: z.enum(featureStatuses).optional(),
    description: text.optional(),
    source: z.strictObject({ dataset: name, column: name }).optional(),
  }),
  features: byProject,
  featureReport: byProject,
  declareModel: z.strictObject({ project, name, gates: z.array(gate).max(100).optional() }),
  models: byProject,
  registerModelVersion: z.strictObject({
    project,
    model: name,
    runId: id.optional(),
    features: z.array(name).max(100_000).optional(),
    description: text.optional(),
  }),
  modelVersions: z.strictObject({ modelId: id }),
  checkGates: z.strictObject({ modelVersionId: id }),
  setAlias: z.strictObject({ project, model: name, alias: name, version: z.int().min(1) }),
  deploy: z.strictObject({ modelVersionId: id, environment: name, url: text.optional() }),
  deployments: byProject,
  declareConsumer: z.strictObject({
    project,
    name,
    owner: name,
    contact: text.optional(),
    purpose: text.optional(),
    consumes: z.array(id).max(10_000),
    writes: z.array(name).max(10_000).optional(),
  }),
  consumers: byProject,
  connect: z.strictObject({
    project,
    edges: z
      .array(
        z.strictObject({
          from: id,
          to: id,
          relation: z.string().min(1).max(100),
          fromKind: entityKindSchema,
          toKind: entityKindSchema,
        }),
      )
      .max(100_000),
  }),
} as const satisfies Record<keyof GraphService, z.ZodType>;
