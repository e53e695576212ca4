export { mean, standardDeviation, variance } from "./descriptive/moments.js";
export { median, medianAbsoluteDeviation, sampleQuantile } from "./descriptive/order.js";
export { beta } from "./distributions/beta.js";
export { binomial } from "./distributions/binomial.js";
export { chiSquare } from "./distributions/chi-square.js";
export type { ContinuousDistribution, DiscreteDistribution, Distribution } from "./distributions/distribution.js";
export { fDistribution } from "./distributions/f.js";
export { normal } from "./distributions/normal.js";
export { studentT } from "./distributions/student-t.js";
export { type BootstrapOptions, type BootstrapResult, bootstrapInterval } from "./intervals/bootstrap.js";
export { clopperPearsonInterval, type Interval, wilsonInterval } from "./intervals/proportion.js";
export { type LinearFit, ridge } from "./regression/ridge.js";
export { spendAlpha, spendingFunction } from "./sequential/alpha-spending.js";
export { type BettingTest, bettingTest } from "./sequential/betting.js";
export {
  type GroupSummary,
  type MeanDifferenceOptions,
  type MeanDifferenceTest,
  meanDifferenceTest,
} from "./sequential/mean-difference.js";
export { bernoulliRatioTest, type ErrorRates, normalRatioTest, type SequentialRatioTest } from "./sequential/sprt.js";
export { type PermutationOptions, type PermutationTest, permutationTest } from "./tests/permutation.js";
export { type Alternative, type MeanTest, type MeanTestOptions, welchTest } from "./tests/welch.js";
export {
  moderatedVariance,
  pooledVariance,
  predictionInterval,
  standardDeviationInterval,
  type VarianceEstimate,
} from "./variance/pooled-variance.js";
export { type EffectEstimate, type RandomEffects, randomEffects } from "./variance/random-effects.js";
