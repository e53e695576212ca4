export type * from "./contract/index.js";
export {
  blobId,
  type ContentRequest,
  type ContentSource,
  type DiffRunsOptions,
  defaultContentSource,
  diffRuns,
  formatLeaf,
  revertHunks,
  storedContent,
} from "./diff/index.js";
export { parseRunFilter, printRunFilter } from "./filter/index.js";
export { runChannel } from "./ingest/index.js";
export { type Lineage, type OpenLineageOptions, openLineage } from "./open-lineage.js";
export {
  deliverContinuously,
  deliverSpool,
  type LocateStoreOptions,
  locateStore,
  type RecordCommandOptions,
  type RecordedCommand,
  RunRecorder,
  recordCommand,
  type StartRunOptions,
  type StoreLocation,
  startRun,
} from "./recorder/index.js";
export { callService, type LineageServices, serviceInputs } from "./remote/index.js";
export {
  type MetricPoint,
  metricPoints,
  renderDiff,
  renderWhy,
  type TextOptions,
  whyHtml,
} from "./report/index.js";
export {
  attachProof,
  type ExplainOptions,
  explainRegression,
  type ObjectiveChoice,
  readVerdict,
  recordVerdict,
  resolveObjective,
  whyVerdictKind,
  whyVerdictSchema,
} from "./why/index.js";
