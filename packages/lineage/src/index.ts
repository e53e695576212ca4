export { nameWithin } from "./capture/name-within.js";
export {
  type ConfigurationDebt,
  type ConfigurationSchema,
  type ConfigurationViolation,
  checkConfiguration,
  checkDeclaredConfiguration,
  configurationSchemaFile,
  declaredConfiguration,
  findConfigurationSchema,
  inferProjectSchema,
  parseConfigurationSchema,
  projectConfigurationDebt,
  readConfigurationSchema,
  violationText,
} from "./configuration/index.js";
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
export { type ProofProgress, type ProveOptions, prove } from "./prove/index.js";
export {
  type DatedEvidence,
  type ReadinessPoint,
  type ReadinessScore,
  type ReadinessSection,
  type ReadinessTest,
  readinessScore,
  readinessSections,
  readinessTests,
  recordEvidence,
  scoreProject,
} from "./readiness/index.js";
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
