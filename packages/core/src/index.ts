export { type Clock, manualClock, systemClock } from "./clock.js";
export {
  type ComponentMap,
  type ComponentName,
  componentMapSchema,
  componentNameSchema,
  componentNames,
  leafSchema,
} from "./components.js";
export {
  DeepwrightError,
  type DeepwrightErrorOptions,
  type ErrorKind,
  isDeepwrightError,
  type SerializedError,
  toDeepwrightError,
} from "./errors.js";
export {
  type DataTestFact,
  dataTestFactKind,
  dataTestFactSchema,
  type EvidenceFact,
  entityKindSchema,
  evidenceFactSchema,
  type Fact,
  factSchema,
  registerFactSchema,
} from "./facts.js";
export type { GraphqlSlice, SliceResolver } from "./graphql.js";
export {
  type ConsumerId,
  type DatasetId,
  type DatasetVersionId,
  type DeploymentId,
  type EntityKind,
  type EntityRef,
  entityKinds,
  type FeatureId,
  type Id,
  idTime,
  isId,
  type ModelId,
  type ModelVersionId,
  newId,
  type ProjectId,
  parseId,
  type RunId,
} from "./ids.js";
export {
  canonicalJson,
  encodeNumber,
  escapeSegment,
  flatten,
  type JsonValue,
  joinPath,
  type Leaf,
  parseJson,
  refuseNul,
  sha256,
  splitPath,
  stringifyJson,
  unescapeSegment,
} from "./leaf.js";
export { type LogOptions, type MetricValues, type Recorder, type RunStatus, runStatuses } from "./recorder.js";
export { type Rng, seededRng } from "./rng.js";
export { formatBytes, formatDuration, parseBytes, parseDuration } from "./units.js";
