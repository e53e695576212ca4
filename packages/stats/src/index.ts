export { mean, standardDeviation, variance } from "./descriptive/moments.js";
export { median, medianAbsoluteDeviation, sampleQuantile } from "./descriptive/order.js";
export { beta } from "./distributions/beta.js";
export { binomial } from "./distributions/binomial.js";
export { chiSquare } from "./distributions/chi-square.js";
export type { ContinuousDistribution, DiscreteDistribution, Distribution } from "./distributions/distribution.js";
export { fDistribution } from "./distributions/f.js";
export { normal } from "./distributions/normal.js";
export { studentT } from "./distributions/student-t.js";
export {
  type GroupSummary,
  type MeanDifferenceOptions,
  type MeanDifferenceTest,
  meanDifferenceTest,
} from "./sequential/mean-difference.js";
export { type Alternative, type MeanTest, type MeanTestOptions, welchTest } from "./tests/welch.js";
