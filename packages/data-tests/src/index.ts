export type { NamedArrays } from "./arrays/array-context.js";
export type {
  ArrayFile,
  ArrayFormat,
  ArrayType,
  ArrayVariable,
  AttributeValue,
  RasterGrid,
  RawValues,
  Region,
  RegionValues,
} from "./arrays/array-file.js";
export { type ArrayKindName, arrayCatalogue } from "./arrays/catalogue.js";
export { type OpenArrayOptions, openArrayFile } from "./arrays/open-array-file.js";
export { type ArrayRunOptions, runArraySuite } from "./arrays/run-array-suite.js";
export type { ArrayExpectation, ArrayReference, ArraySuite } from "./arrays/suite.js";
export { type DiffOptions, diffTables } from "./comparison/diff-tables.js";
export { type ColumnDrift, type DriftBin, type DriftOptions, type DriftReport, drift } from "./comparison/drift.js";
export { rejectedByFalseDiscovery } from "./comparison/false-discovery.js";
export type { SkewGuess, SkewKind } from "./comparison/skew-hypothesis.js";
export type {
  CellChange,
  ColumnDiff,
  DiffVerdict,
  TableDiff,
} from "./comparison/table-diff.js";
export type { Tolerance } from "./comparison/tolerance.js";
export { type FeatureSkew, type SkewOptions, type SkewReport, trainServeSkew } from "./comparison/train-serve-skew.js";
export type { ContractChange, Party } from "./contracts/change.js";
export { type ContractComparison, compareContracts } from "./contracts/compare-contracts.js";
export type { DataContract } from "./contracts/contract.js";
export { type ContractOptions, contractOfSuite, contractText } from "./contracts/contract-of-suite.js";
export { type ContractData, openContractSuites } from "./contracts/open-contract-suites.js";
export { checkContract, parseContract, readContract } from "./contracts/read-contract.js";
export { type ContractSuite, type ContractSuites, suitesOfContract } from "./contracts/suites-of-contract.js";
export type { NotTested } from "./contracts/translation.js";
export type { VersionAdvice } from "./contracts/version-advice.js";
export type { Cell } from "./edge-cases/cell.js";
export {
  type CaseResult,
  type Coverage,
  checkCoverage,
  checkResults,
  type ResultCoverage,
} from "./edge-cases/coverage.js";
export {
  type Combination,
  type EdgeCase,
  type RareCombinations,
  type RareOptions,
  rareCombinations,
} from "./edge-cases/rare-combinations.js";
export { type Growth, growRegressionSet, type RegressionCase, readRegressionSet } from "./edge-cases/regression-set.js";
export { catalogue, type KindName, kindNames } from "./expectations/catalogue.js";
export type { Across } from "./history/alarm-threshold.js";
export {
  type AnomalyCheck,
  type AnomalyOptions,
  type AnomalyReport,
  checkAnomalies,
  replayAnomalies,
} from "./history/anomalies.js";
export { columnPartitions, folderPartitions } from "./history/find-partitions.js";
export { openFolderStateStore } from "./history/folder-state-store.js";
export { mergeStates, type WindowState } from "./history/merge-states.js";
export { type Metric, type MetricPoint, quantileMetric, usualMetrics, valueShare } from "./history/metric.js";
export type { SchemaChange } from "./history/schema-changes.js";
export {
  type Binning,
  type ColumnState,
  columnStateSchema,
  type NumberState,
  type PartitionState,
} from "./history/state.js";
export type { KnownPartition, PartitionRange, StateStore } from "./history/state-store.js";
export { type ColumnSummary, summarizeWindow } from "./history/summarize-window.js";
export {
  type HistoryPartition,
  type HistoryUpdate,
  type UpdateOptions,
  updateHistory,
} from "./history/update-history.js";
export { type UsualSuiteOptions, usualSuite } from "./history/usual-suite.js";
export { type ImageKindName, imageCatalogue } from "./images/catalogue.js";
export type { ImageFacts, ImageHeader, ImageMeasures } from "./images/image-facts.js";
export { type ImageRunOptions, runImageSuite } from "./images/run-image-suite.js";
export { type ScannedFolder, type ScanOptions, scanImages } from "./images/scan-images.js";
export type { ImageExpectation, ImageSuite, ImagesReference } from "./images/suite.js";
export { type InferOptions, type InferredSuite, inferSuite, type RuleEvidence } from "./inference/infer-suite.js";
export type { LeakageFinding, LeakageKind } from "./leakage/finding.js";
export { type HistoryLeakage, type HistoryLeakageOptions, historyLeakage } from "./leakage/history-leakage.js";
export { type NearDuplicateOptions, type NearDuplicates, nearDuplicates } from "./leakage/near-duplicates.js";
export { type SplitOverlap, type SplitOverlapOptions, splitOverlap } from "./leakage/split-overlap.js";
export {
  type ColumnPower,
  type TargetLeakage,
  type TargetLeakageOptions,
  targetLeakage,
} from "./leakage/target-leakage.js";
export { type TimeLeakage, type TimeLeakageOptions, timeLeakage } from "./leakage/time-leakage.js";
export type { RowTest } from "./planner/context.js";
export { type RunOptions, runSuite } from "./planner/run-suite.js";
export type { ColumnDetails, ValueCount } from "./profile/column-details.js";
export type { ColumnTrait } from "./profile/column-traits.js";
export { type ColumnProfile, type Correlation, type Profile, type ProfileOptions, profile } from "./profile/profile.js";
export { type QuarantineOptions, type QuarantineResult, quarantine } from "./quarantine/quarantine.js";
export type { QuarantineTarget } from "./quarantine/target-writer.js";
export { githubAnnotations } from "./reports/github-annotations.js";
export { htmlReport } from "./reports/html.js";
export { jsonReport, jsonText } from "./reports/json.js";
export { junitXml } from "./reports/junit.js";
export { markdownReport } from "./reports/markdown.js";
export { type SarifOptions, sarif } from "./reports/sarif.js";
export { type TerminalOptions, terminalText } from "./reports/terminal.js";
export { summarize, type TestedData, type TestReport, type TestSummary, testName } from "./reports/test-report.js";
export type { ExpectationResult, Severity, SuiteResult } from "./results/result.js";
export { defineSuite, expectations } from "./suite/build.js";
export { parseSuite } from "./suite/parse.js";
export type { Expectation, Suite } from "./suite/suite.js";
export { engineOfAddress } from "./suite-files/engine-address.js";
export { findSuiteFiles } from "./suite-files/find-suite-files.js";
export { readSuiteFile } from "./suite-files/read-suite-file.js";
export {
  type AnySuiteFile,
  type ArraySuiteFile,
  type DataReference,
  defineSuiteFile,
  type ImageSuiteFile,
  type PrepareContext,
  type PreparedData,
  requireTableSuite,
  type SuiteFile,
} from "./suite-files/suite-file.js";
export {
  type OpenSuite,
  type OpenTableSuite,
  openSuiteRunner,
  type SuiteRunner,
  type SuiteRunnerOptions,
  type TestedPartition,
} from "./suite-runs/open-suite-runner.js";
export { type TestSuiteFilesOptions, testSuiteFiles } from "./suite-runs/test-suite-files.js";
export { type WatchedTest, type WatchOptions, watchPartitions } from "./watch/watch-partitions.js";
