import { requireFinite, requirePositive, requireProbability } from "../arguments.js";
import { incompleteGamma } from "../special/incomplete-gamma.js";
import type { ContinuousDistribution } from "./distribution.js";

/** P(Z > z) of the standard normal: half of erfc(z / √2) = Q(1/2, z² / 2) (DLMF 7.11.2). */
function upperTail(z: number): number {
  if (Number.isNaN(z)) return z;
  const { lower, upper } = incompleteGamma(0.5, (z * z) / 2);
  return z >= 0 ? upper / 2 : 0.5 + lower / 2;
}

// Coefficients of Wichura 1988, algorithm AS 241 (PPND16), Applied Statistics 37(3); relative error about 1e-16.
const centralTop = [
  2509.0809287301226727, 33430.575583588128105, 67265.770927008700853, 45921.953931549871457, 13731.693765509461125,
  1971.5909503065514427, 133.14166789178437745, 3.387132872796366608,
];
const centralBottom = [
  5226.495278852854561, 28729.085735721942674, 39307.89580009271061, 21213.794301586595867, 5394.1960214247511077,
  687.1870074920579083, 42.313330701600911252, 1,
];
const middleTop = [
  7.7454501427834140764e-4, 0.0227238449892691845833, 0.24178072517745061177, 1.27045825245236838258,
  3.64784832476320460504, 5.7694972214606914055, 4.6303378461565452959, 1.42343711074968357734,
];
const middleBottom = [
  1.05075007164441684324e-9, 5.475938084995344946e-4, 0.0151986665636164571966, 0.14810397642748007459,
  0.68976733498510000455, 1.6763848301838038494, 2.05319162663775882187, 1,
];
const tailTop = [
  2.01033439929228813265e-7, 2.71155556874348757815e-5, 0.0012426609473880784386, 0.026532189526576123093,
  0.29656057182850489123, 1.7848265399172913358, 5.4637849111641143699, 6.6579046435011037772,
];
const tailBottom = [
  2.04426310338993978564e-15, 1.4215117583164458887e-7, 1.8463183175100546818e-5, 7.868691311456132591e-4,
  0.0148753612908506148525, 0.13692988092273580531, 0.59983220655588793769, 1,
];

const polynomial = (coefficients: readonly number[], x: number): number =>
  coefficients.reduce((sum, coefficient) => sum * x + coefficient, 0);

function standardQuantile(probability: number): number {
  requireProbability("probability", probability);
  if (probability === 0) return Number.NEGATIVE_INFINITY;
  if (probability === 1) return Number.POSITIVE_INFINITY;
  const offset = probability - 0.5;
  if (Math.abs(offset) <= 0.425) {
    const r = 0.180625 - offset * offset;
    return (offset * polynomial(centralTop, r)) / polynomial(centralBottom, r);
  }
  const r = Math.sqrt(-Math.log(offset < 0 ? probability : 1 - probability));
  const size =
    r <= 5
      ? polynomial(middleTop, r - 1.6) / polynomial(middleBottom, r - 1.6)
      : polynomial(tailTop, r - 5) / polynomial(tailBottom, r - 5);
  return offset < 0 ? -size : size;
}

/**
 * The normal distribution.
 *
 * @param mean any finite number, default 0
 * @param standardDeviation above 0, default 1
 * @throws DeepwrightError `INVALID_ARGUMENT`
 * @example
 * ```ts
 * console.log(normal().cdf(1.96).toFixed(4)); // 0.9750
 * console.log(normal(10, 2).quantile(0.5)); // 10
 * ```
 */
export function normal(mean = 0, standardDeviation = 1): ContinuousDistribution {
  requireFinite("mean", mean);
  requirePositive("standardDeviation", standardDeviation);
  const z = (x: number): number => (x - mean) / standardDeviation;
  return {
    density: (x) => Math.exp(-(z(x) ** 2) / 2) / (standardDeviation * Math.sqrt(2 * Math.PI)),
    cdf: (x) => upperTail(-z(x)),
    survival: (x) => upperTail(z(x)),
    quantile: (probability) => mean + standardDeviation * standardQuantile(probability),
  };
}
