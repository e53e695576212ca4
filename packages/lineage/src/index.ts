export type * from "./contract/index.js";
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
