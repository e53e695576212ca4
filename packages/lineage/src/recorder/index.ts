/** Entry `@deepwright/lineage/recorder`: recording only, without the database. */

export { sourceRoot } from "../capture/source/source.js";
export {
  checkDeclaredConfiguration,
  configurationViolated,
  declaredConfiguration,
  findConfigurationSchema,
  readConfigurationSchema,
} from "../configuration/declared.js";
export { type RecordCommandOptions, type RecordedCommand, recordCommand } from "../run-command/index.js";
export { type DeliverContinuouslyOptions, deliverContinuously } from "./deliver-continuously.js";
export { type DeliverySummary, deliverSpool } from "./deliver-spool.js";
export { startDeliveryProcess } from "./delivery-process.js";
export { type PendingDelivery, pendingDelivery, retryRefused } from "./pending-delivery.js";
export { RunRecorder } from "./run-recorder.js";
export { type StartRunOptions, startRun } from "./start-run.js";
export { type LocateStoreOptions, locateStore, redactStoreUri, type StoreLocation } from "./store-location.js";
export { storeTrouble } from "./store-trouble.js";
export type { LogWriterStatus } from "./write-ahead-log/writer.js";
