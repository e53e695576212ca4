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
  2509.0809287301227, 33430.57558358813, 67265.7709270087, 45921.95393154987, 13731.69376550946, 1971.5909503065513,
  133.14166789178438, 3.3871328727963665,
];
const centralBottom = [
  5226.495278852854, 28729.085735721943, 39307.89580009271, 21213.794301586597, 5394.196021424751, 687.1870074920579,
  42.31333070160091, 1,
];
const middleTop = [
  0.0007745450142783414, 0.022723844989269184, 0.2417807251774506, 1.2704582524523684, 3.6478483247632045,
  5.769497221460691, 4.630337846156546, 1.4234371107496835,
];
const middleBottom = [
  1.0507500716444169e-9, 0.0005475938084995345, 0.015198666563616457, 0.14810397642748008, 0.6897673349851,
  1.6763848301838038, 2.053191626637759, 1,
];
const tailTop = [
  2.0103343992922881e-7, 2.7115555687434876e-5, 0.0012426609473880784, 0.026532189526576124, 0.29656057182850487,
  1.7848265399172913, 5.463784911164114, 6.657904643501103,
];
const tailBottom = [
  2.0442631033899397e-15, 1.421511758316446e-7, 1.8463183175100548e-5, 0.0007868691311456133, 0.014875361290850615,
  0.1369298809227358, 0.599832206555888, 1,
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
