import type { ComponentMap, EntityKind, RunId } from "@deepwright/core";

/** A node of the lineage graph. Data flows from upstream nodes to downstream ones. */
export interface GraphNode {
  readonly kind: EntityKind;
  readonly id: string;
  readonly name: string;
  /** Steps from the node where the walk began. */
  readonly depth: number;
}

/** `from` is upstream: what `to` was made of or depends on. */
export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  /** `input`, `output`, `version`, `trained`, `source`, `uses`, `serves`, `consumes`, `writes`. */
  readonly relation: string;
}

export interface GraphWalk {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  /** True when `maxNodes` or `maxDepth` cut something off. */
  readonly truncated: boolean;
}

export interface WalkInput {
  readonly id: string;
  readonly direction: "upstream" | "downstream";
  /** 1 .. 100, default 20. */
  readonly maxDepth?: number;
  /** 1 .. 1,000,000, default 10,000. */
  readonly maxNodes?: number;
}

/** What must be tested again if an entity changes, by what it is, nearest first. */
export interface Impact {
  readonly id: string;
  readonly features: readonly GraphNode[];
  readonly modelVersions: readonly GraphNode[];
  readonly deployments: readonly GraphNode[];
  readonly consumers: readonly GraphNode[];
  readonly datasets: readonly GraphNode[];
  /** One sentence: what to test again, and whom to tell. */
  readonly sentence: string;
}

export interface Cycle {
  /** Names along the cycle, the first one repeated at the end. */
  readonly path: readonly GraphNode[];
  readonly sentence: string;
}

export interface Dataset {
  readonly id: string;
  readonly project: string;
  readonly name: string;
  readonly versionCount: number;
}

export interface DatasetVersion {
  readonly id: string;
  readonly datasetId: string;
  readonly uri: string;
  readonly createdAtMs: number;
  readonly fingerprint: Readonly<Record<string, unknown>>;
}

/** Content of a data set that somebody saw outside of a run. */
export interface DatasetVersionInput {
  readonly project: string;
  /** Name of the data set within the project. */
  readonly name: string;
  readonly uri: string;
  /** As the data component of a run holds it: `rows`, `order`, `schema`, `rowCount`, `columns/<column>` and more. */
  readonly fingerprint: ComponentMap;
}

export const featureStatuses = ["experimental", "active", "deprecated"] as const;
export type FeatureStatus = (typeof featureStatuses)[number];

export interface FeatureInput {
  readonly project: string;
  readonly name: string;
  readonly owner: string;
  readonly status?: FeatureStatus;
  readonly description?: string;
  /** Name of the data set that it comes from, and the column there. */
  readonly source?: { readonly dataset: string; readonly column: string };
}

export interface Feature {
  readonly id: string;
  readonly project: string;
  readonly name: string;
  /** Empty: used by a model but declared by no one. */
  readonly owner: string;
  readonly status: FeatureStatus;
  readonly description: string;
  readonly source: { readonly dataset: string; readonly column: string } | null;
  readonly declared: boolean;
  /** Model versions that use it. */
  readonly usedBy: readonly { readonly modelVersionId: string; readonly model: string; readonly version: number }[];
}

/** Features that somebody should look at. */
export interface FeatureReport {
  readonly unused: readonly Feature[];
  readonly deprecatedInUse: readonly Feature[];
  readonly undeclared: readonly Feature[];
}

export interface Gate {
  readonly name: string;
  readonly metric: string;
  readonly op: "<" | "<=" | ">" | ">=";
  readonly value: number;
}

export interface GateResult {
  readonly gate: Gate;
  readonly passed: boolean;
  /** `null`: the run never logged the metric, which fails the gate. */
  readonly actual: number | null;
}

export interface Model {
  readonly id: string;
  readonly project: string;
  readonly name: string;
  readonly gates: readonly Gate[];
  readonly aliases: Readonly<Record<string, number>>;
  readonly versionCount: number;
  /** How often an alias was moved back to an earlier version. */
  readonly rollbackCount: number;
}

export interface ModelVersion {
  readonly id: string;
  readonly modelId: string;
  readonly model: string;
  readonly version: number;
  readonly runId: RunId | null;
  readonly createdAtMs: number;
  readonly description: string;
  readonly aliases: readonly string[];
}

export interface Deployment {
  readonly id: string;
  readonly modelVersionId: string;
  readonly environment: string;
  readonly url: string;
  readonly active: boolean;
  readonly startedAtMs: number;
}

export interface Consumer {
  readonly id: string;
  readonly project: string;
  readonly name: string;
  readonly owner: string;
  readonly contact: string;
  readonly purpose: string;
}

/** Data sets, features, models, deployments and consumers, and how they hang together. Plain JSON in and out. */
export interface GraphService {
  /** @throws DeepwrightError `PROJECT_NOT_FOUND` */
  projectId(input: { readonly project: string }): Promise<string>;
  walk(input: WalkInput): Promise<GraphWalk>;
  /** Ids and depths alone, nearest first: what a caller needs who asks how far a change reaches. */
  reach(input: WalkInput): Promise<readonly { readonly id: string; readonly depth: number }[]>;
  impact(input: { readonly id: string }): Promise<Impact>;
  /** Feedback: data that a model was trained on and that its own consumers write. */
  cycles(input: { readonly project: string }): Promise<readonly Cycle[]>;
  datasets(input: { readonly project: string }): Promise<readonly Dataset[]>;
  datasetVersions(input: { readonly datasetId: string }): Promise<readonly DatasetVersion[]>;
  /** Finds the version of a data set by its fingerprint; makes project, data set and version where they are new. */
  declareDatasetVersion(input: DatasetVersionInput): Promise<DatasetVersion>;
  declareFeature(input: FeatureInput): Promise<Feature>;
  features(input: { readonly project: string }): Promise<readonly Feature[]>;
  featureReport(input: { readonly project: string }): Promise<FeatureReport>;
  /** Makes the model if it is new and replaces its gates. */
  declareModel(input: {
    readonly project: string;
    readonly name: string;
    readonly gates?: readonly Gate[];
  }): Promise<Model>;
  models(input: { readonly project: string }): Promise<readonly Model[]>;
  registerModelVersion(input: {
    readonly project: string;
    readonly model: string;
    readonly runId?: RunId;
    /** Names of the features it uses; names that no one declared become undeclared features. */
    readonly features?: readonly string[];
    readonly description?: string;
  }): Promise<ModelVersion>;
  modelVersions(input: { readonly modelId: string }): Promise<readonly ModelVersion[]>;
  checkGates(input: { readonly modelVersionId: string }): Promise<readonly GateResult[]>;
  /** Points an alias (`production`) at a version; refused with `GATE_FAILED` while a gate of the model fails. */
  setAlias(input: {
    readonly project: string;
    readonly model: string;
    readonly alias: string;
    readonly version: number;
  }): Promise<Model>;
  deploy(input: {
    readonly modelVersionId: string;
    readonly environment: string;
    readonly url?: string;
  }): Promise<Deployment>;
  deployments(input: { readonly project: string }): Promise<readonly Deployment[]>;
  declareConsumer(input: {
    readonly project: string;
    readonly name: string;
    readonly owner: string;
    readonly contact?: string;
    readonly purpose?: string;
    /** Ids of deployments, model versions or data sets that it reads. */
    readonly consumes: readonly string[];
    /** Names of data sets that it writes to, which may close a feedback loop. */
    readonly writes?: readonly string[];
  }): Promise<Consumer>;
  consumers(input: { readonly project: string }): Promise<readonly Consumer[]>;
  /** Adds edges of any kind, for importers. */
  connect(input: {
    readonly project: string;
    readonly edges: readonly (GraphEdge & { readonly fromKind: EntityKind; readonly toKind: EntityKind })[];
  }): Promise<void>;
}
