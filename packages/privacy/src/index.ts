export { type AccountingOptions, deltaOf, epsilonOf } from "./accounting/accountant.js";
export type { Neighbors, PrivacyEvent } from "./accounting/event.js";
export { calibrateGaussian } from "./accounting/gaussian-calibration.js";
export { type BudgetLedger, type BudgetState, type Charge, openBudgetLedger } from "./budget/ledger.js";
export { environmentKeys, fileKeys, type MasterKeys, parseMasterKeys } from "./encryption/master-keys.js";
export { type ErasureProof, openPersonVault, type PersonCipher, type PersonVault } from "./encryption/person-vault.js";
export {
  type AskOptions,
  analystBudget,
  type BudgetLimits,
  dataSetBudget,
  type Explorer,
  type ExplorerOptions,
  openExplorer,
} from "./explore/explorer.js";
export type { Prediction, SensitivityStatement } from "./explore/predict.js";
export { type ColumnProfile, type PrivateProfile, privateProfile } from "./explore/profile.js";
export { discreteGaussian } from "./mechanisms/discrete-gaussian.js";
export { discreteLaplace } from "./mechanisms/discrete-laplace.js";
export { gaussianMechanism } from "./mechanisms/gaussian.js";
export { laplaceMechanism, type NoiseMechanism } from "./mechanisms/laplace.js";
export { exponentialMechanism, permuteAndFlip, type SelectionOptions } from "./mechanisms/select.js";
export { type SparseVector, sparseVector } from "./mechanisms/sparse-vector.js";
export { keyThreshold, type ThresholdedCounts, thresholdKeys } from "./mechanisms/threshold-keys.js";
export { type Pseudonymizer, pseudonymizer } from "./pseudonyms/pseudonym.js";
export { type RandomBits, systemBits } from "./random/random-bits.js";
export type {
  AnswerGroup,
  AnswerValue,
  BinEstimate,
  Estimate,
  KeyValue,
  PrivateAnswer,
  QuantileEstimate,
  ValueOf,
} from "./sql/answer.js";
export type { PrivateDataSet, ValueBounds } from "./sql/data-set.js";
export type { Filter, Literal } from "./sql/filter.js";
export type { Aggregate, Grouping, PrivateQuery, QueryBounds } from "./sql/query.js";
