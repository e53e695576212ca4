export type * from "./engine.js";
export {
  type FileFingerprint,
  type FileFingerprintOptions,
  type FingerprintCache,
  fileFingerprint,
} from "./files/file-fingerprint.js";
export { type FileFormat, formatOfPath } from "./files/format.js";
export { type HeldFiles, holdFiles } from "./files/hold-files.js";
export { sha256File } from "./files/sha256-file.js";
export { compareFingerprints, type FingerprintComparison, type FingerprintVerdict } from "./fingerprint/compare.js";
export { mergeFingerprints } from "./fingerprint/merge.js";
export { type EngineOptions, openEngine } from "./open-engine.js";
export type { DuckDbOptions, PostgresOptions, SparkOptions } from "./options.js";
