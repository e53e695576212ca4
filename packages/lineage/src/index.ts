export type * from "./contract/index.js";
export { parseRunFilter, printRunFilter } from "./filter/index.js";
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
