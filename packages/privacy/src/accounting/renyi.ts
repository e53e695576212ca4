import type { Neighbors, PrivacyEvent } from "./event.js";
import { flattenEvents, jointNoiseMultiplier, type SingleEvent, unsupportedEvent } from "./flatten.js";

/** Orders at which the divergence is known; the ones that matter between strong and weak guarantees. */
export const renyiOrders: readonly number[] = [
  ...Array.from({ length: 99 }, (_, k) => 1 + (k + 1) / 10),
  ...Array.from({ length: 53 }, (_, k) => k + 11),
  ...[128, 256, 512, 1024],
];

/** The Rényi divergence of a composition at each of `renyiOrders`. */
export type RenyiDivergences = readonly number[];

/** @throws DeepwrightError `UNSUPPORTED_EVENT` */
export function renyiDivergences(event: PrivacyEvent, neighbors: Neighbors): RenyiDivergences {
  const total = renyiOrders.map(() => 0);
  for (const { event: single, times } of flattenEvents(event)) {
    const divergence = divergenceOf(single, neighbors);
    renyiOrders.forEach((order, index) => {
      total[index] = (total[index] as number) + times * divergence(order);
    });
  }
  return total;
}

function divergenceOf(event: SingleEvent, neighbors: Neighbors): (order: number) => number {
  const distance = neighbors === "replace-one" ? 2 : 1;
  switch (event.kind) {
    case "gaussian":
      return (order) => (order * distance ** 2) / (2 * event.noiseMultiplier ** 2);
    case "discrete-gaussian":
      // Canonne, Kamath and Steinke 2020, proposition 5.
      return (order) => (order * (event.sensitivity * distance) ** 2) / (2 * event.sigma ** 2);
    case "zero-concentrated":
      // rho for one step away is 4 rho for two (Bun and Steinke 2016, proposition 27).
      return (order) => order * event.rho * distance ** 2;
    case "laplace":
      return (order) => laplaceDivergence(order, distance / event.noiseMultiplier);
    case "discrete-laplace":
      return (order) => discreteLaplaceDivergence(order, event.scale, event.sensitivity * distance);
    case "poisson-sampled": {
      const joint = jointNoiseMultiplier(event.event);
      if (joint === null || neighbors !== "add-or-remove-one") {
        throw unsupportedEvent(
          event,
          "Gaussian noise on a Poisson sample, for add-or-remove-one neighbors",
          'Use the accountant "pld", which knows more.',
        );
      }
      return sampledGaussianDivergence(joint, event.probability);
    }
    default:
      throw unsupportedEvent(
        event,
        "an event whose Rényi divergence is known exactly",
        'Use the accountant "pld", which knows more.',
      );
  }
}

/** Mironov 2017, proposition 6, in a form without large exponentials. */
function laplaceDivergence(order: number, epsilon: number): number {
  const rest = ((order - 1) * Math.expm1(epsilon * (1 - 2 * order))) / (2 * order - 1);
  return epsilon + Math.log1p(rest) / (order - 1);
}

/** Three geometric sums: below both centers, between them, above both. */
function discreteLaplaceDivergence(order: number, scale: number, shift: number): number {
  const a = 1 / scale;
  const norm = Math.log(-Math.expm1(-a)) - Math.log1p(Math.exp(-a));
  const outside = -Math.log(-Math.expm1(-a));
  const rate = (2 * order - 1) * a;
  const terms = [
    (order - 1) * shift * a + outside,
    -order * shift * a + outside,
    // sum over x = 1 .. shift - 1 of exp(-rate x)
    (order - 1) * shift * a +
      (shift > 1 ? -rate + Math.log(-Math.expm1(-rate * (shift - 1))) - Math.log(-Math.expm1(-rate)) : -Infinity),
  ];
  return Math.max(0, (norm + logSum(terms)) / (order - 1));
}

function logSum(terms: readonly number[]): number {
  const largest = Math.max(...terms);
  if (largest === Number.NEGATIVE_INFINITY) return largest;
  return largest + Math.log(terms.reduce((sum, term) => sum + Math.exp(term - largest), 0));
}

/** Mironov, Talwar and Zhang 2019, "Rényi Differential Privacy of the Sampled Gaussian Mechanism". */
function sampledGaussianDivergence(noise: number, probability: number): (order: number) => number {
  if (probability === 1) return (order) => order / (2 * noise ** 2);
  const nodes = placeNodes(Math.max(...renyiOrders.filter((order) => !Number.isInteger(order))), noise, probability);
  return (order) => {
    const moment = Number.isInteger(order) ? wholeMoment(order, noise, probability) : brokenMoment(order, nodes);
    return Math.max(0, moment / (order - 1));
  };
}

/** log A for whole orders (section 3.3, equation 4), as log1p of what exceeds 1, which keeps small ones exact. */
function wholeMoment(order: number, noise: number, probability: number): number {
  let logChoose = 0;
  const terms: number[] = [];
  const rest = Math.log1p(-probability);
  for (let k = 1; k <= order; k++) {
    logChoose += Math.log((order - k + 1) / k);
    if (k === 1) continue;
    const growth = (k * k - k) / (2 * noise * noise);
    const excess = growth < 30 ? Math.log(Math.expm1(growth)) : growth + Math.log1p(-Math.exp(-growth));
    terms.push(logChoose + k * Math.log(probability) + (order - k) * rest + excess);
  }
  const logExcess = logSum(terms);
  return logExcess > 30 ? logExcess : Math.log1p(Math.exp(logExcess));
}

/** Points of the trapezoidal rule, with what all orders need of them. */
interface Nodes {
  /** log r(x), with r(x) = 1 - q + q exp((2x - 1) / (2 noise^2)). */
  readonly logRatio: Float64Array;
  /** r(x) - 1. */
  readonly excess: Float64Array;
  /** Density times the distance of two points. */
  readonly weight: Float64Array;
  /** log of it, without the constant. */
  readonly logWeight: Float64Array;
}

const halfWidth = 13;

function placeNodes(largestOrder: number, noise: number, probability: number): Nodes {
  const variance = noise * noise;
  // The error falls with the distance of the next singularity from the real line: as exp(-2 pi^2 noise perDeviation).
  const perDeviation = Math.max(6, Math.ceil(2.1 / noise));
  const step = noise / perDeviation;
  const first = -halfWidth * perDeviation;
  const size = Math.ceil(largestOrder / step) + 2 * halfWidth * perDeviation + 1;
  const nodes = {
    logRatio: new Float64Array(size),
    excess: new Float64Array(size),
    weight: new Float64Array(size),
    logWeight: new Float64Array(size),
  };
  const constant = Math.log(step / noise) - 0.5 * Math.log(2 * Math.PI);
  for (let k = 0; k < size; k++) {
    const x = (first + k) * step;
    const exponent = (2 * x - 1) / (2 * variance);
    const excess = probability * Math.expm1(exponent);
    nodes.excess[k] = excess;
    nodes.logRatio[k] = exponent < 700 ? Math.log1p(excess) : exponent + Math.log(probability);
    nodes.logWeight[k] = (-x * x) / (2 * variance) + constant;
    nodes.weight[k] = Math.exp(nodes.logWeight[k] as number);
  }
  return nodes;
}

/**
 * log A for other orders: A = E[r(X)^order] for normal X (section 3.1), by the trapezoidal rule, whose error falls
 * exponentially for such integrands. What is summed is r^order - 1 - order (r - 1), which has the same integral less 1 and
 * no cancellation.
 */
function brokenMoment(order: number, { logRatio, excess, weight, logWeight }: Nodes): number {
  let sum = 0;
  for (let k = 0; k < weight.length; k++) {
    const grown = order * (logRatio[k] as number);
    // Where the power is large the terms without it don't count; it may be beyond all numbers, its product is not.
    sum +=
      grown > 40
        ? Math.exp(grown + (logWeight[k] as number))
        : (weight[k] as number) * powerExcess(order, excess[k] as number, grown);
  }
  return Math.log1p(sum);
}

/** (1 + y)^order - 1 - order y, by its series where y is small. */
function powerExcess(order: number, y: number, grown: number): number {
  if (Math.abs(y) > 0.01) return Math.expm1(grown) - order * y;
  let [term, sum] = [order * y, 0];
  for (let k = 2; k < 16; k++) {
    term *= ((order - k + 1) / k) * y;
    sum += term;
  }
  return sum;
}

/**
 * Rényi divergences as epsilon at delta: Canonne, Kamath and Steinke 2020, proposition 12; small divergences by
 * delta <= sqrt(1 - exp(-KL)) (Bretagnolle and Huber).
 */
export function epsilonOfRenyi(divergences: RenyiDivergences, delta: number): number {
  let least = Number.POSITIVE_INFINITY;
  renyiOrders.forEach((order, index) => {
    const divergence = divergences[index] as number;
    if (delta ** 2 + Math.expm1(-divergence) >= 0) least = 0;
    else {
      const epsilon = divergence + Math.log1p(-1 / order) - Math.log(delta * order) / (order - 1);
      least = Math.min(least, epsilon);
    }
  });
  return Math.max(0, least);
}
