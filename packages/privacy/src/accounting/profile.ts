import { millsRatio } from "./normal-tail.js";

/**
 * The privacy profile of one mechanism: for every epsilon (also below 0) the smallest delta with which it holds, the
 * hockey-stick divergence of order exp(epsilon) of its worst pair of outputs. Convex in exp(epsilon), from 1 down to the
 * probability of catastrophe.
 */
export type Profile = (epsilon: number) => number;

/**
 * Gaussian noise (Balle and Wang 2018, theorem 8), as density times a difference of Mills ratios: the textbook difference
 * of two tails loses all digits where delta is small.
 *
 * @param noiseMultiplier standard deviation over sensitivity
 */
export function gaussianProfile(noiseMultiplier: number): Profile {
  const shift = 1 / noiseMultiplier;
  return (epsilon) => {
    const near = epsilon * noiseMultiplier - shift / 2;
    const far = epsilon * noiseMultiplier + shift / 2;
    // Far to the left both tails are 1, and their ratios beyond all numbers.
    if (far < -8) return -Math.expm1(epsilon);
    return (Math.exp((-near * near) / 2) / Math.sqrt(2 * Math.PI)) * (millsRatio(near) - millsRatio(far));
  };
}

/** Laplace noise: every loss lies between -1 / scale and 1 / scale, with lumps at both ends. */
export function laplaceProfile(noiseMultiplier: number): Profile {
  const largest = 1 / noiseMultiplier;
  return (epsilon) => {
    if (epsilon >= largest) return 0;
    if (epsilon <= -largest) return -Math.expm1(epsilon);
    return -Math.expm1((epsilon - largest) / 2);
  };
}

/** A lattice distribution against its own shift: P(x) over P(x - shift), with the log of P falling away from 0. */
function latticeProfile(shift: number, reach: number, logWeight: (x: number) => number): Profile {
  let total = 0;
  for (let x = -reach; x <= reach; x++) total += Math.exp(logWeight(x));
  // Tails from the right: tail[i] = P(X >= i - reach).
  const tail = new Float64Array(2 * reach + 2);
  for (let i = 2 * reach; i >= 0; i--) {
    tail[i] = (tail[i + 1] as number) + Math.exp(logWeight(i - reach)) / total;
  }
  const upper = (x: number): number => (x <= -reach ? 1 : x > reach ? 0 : (tail[x + reach] as number));
  const loss = (x: number): number => logWeight(x - shift) - logWeight(x);
  return (epsilon) => {
    // Where the shifted copy outweighs the other by more than exp(epsilon): a half-line, its edge found by bisection.
    let [low, high] = [-reach - 1, reach + shift + 1];
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (loss(middle) > epsilon) high = middle;
      else low = middle;
    }
    return Math.max(0, upper(high - shift) - Math.exp(epsilon) * upper(high));
  };
}

/** Discrete Laplace noise on an integer. */
export function discreteLaplaceProfile(scale: number, sensitivity: number): Profile {
  const reach = Math.ceil(40 * scale) + sensitivity;
  return latticeProfile(sensitivity, reach, (x) => -Math.abs(x) / scale);
}

/** Discrete Gaussian noise on an integer. */
export function discreteGaussianProfile(sigma: number, sensitivity: number): Profile {
  const reach = Math.ceil(12 * sigma) + sensitivity;
  return latticeProfile(sensitivity, reach, (x) => (-x * x) / (2 * sigma * sigma));
}

/** The worst mechanism that holds this epsilon and delta (Murtagh and Vadhan 2016, section 2): randomized response. */
export function guaranteeProfile(largest: number, catastrophe: number): Profile {
  return (epsilon) => {
    if (epsilon >= largest) return catastrophe;
    const lumps = (1 - catastrophe) / (1 + Math.exp(-largest));
    const upper = -Math.expm1(epsilon - largest);
    const lower = epsilon < -largest ? Math.exp(-largest) * -Math.expm1(epsilon + largest) : 0;
    return catastrophe + lumps * (upper + lower);
  };
}

/**
 * What sampling makes of a profile, for a person that is there against one that is not. The mixture (1 - q) Q + q P against
 * Q is q times P against Q at another order (Balle, Barthe and Gaboardi 2018, theorem 2).
 */
export function sampledRemoval(base: Profile, probability: number): Profile {
  if (probability === 1) return base;
  return (epsilon) => {
    const grown = Math.expm1(epsilon);
    return grown <= -probability ? -grown : probability * base(Math.log1p(grown / probability));
  };
}

/** The other way round: Q against the mixture. `base` must be the same both ways, as every one here is. */
export function sampledAddition(base: Profile, probability: number): Profile {
  if (probability === 1) return base;
  return (epsilon) => {
    const rest = -Math.expm1(epsilon + Math.log1p(-probability));
    return rest <= 0 ? 0 : rest * base(epsilon + Math.log(probability) - Math.log(rest));
  };
}

/**
 * Poisson sampling of Gaussian noise when one person's data is replaced by another's: (1 - q) N(0) + q N(1) against
 * (1 - q) N(0) + q N(-1), the pair that dominates (Zhu, Dong and Wang 2022, proposition 30).
 */
export function sampledReplacement(noiseMultiplier: number, probability: number): Profile {
  const variance = noiseMultiplier * noiseMultiplier;
  const shrink = Math.exp(-1 / (2 * variance));
  const upper = (x: number): number => {
    const z = x / noiseMultiplier;
    return z > 38 ? 0 : millsRatio(z) * (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI));
  };
  return (epsilon) => {
    // The loss passes epsilon where u = exp(x / variance) solves q c u^2 + (1 - q)(1 - e^eps) u - e^eps q c = 0.
    const a = probability * shrink;
    const halfB = ((1 - probability) * -Math.expm1(epsilon)) / 2;
    const root = Math.sqrt(halfB * halfB + a * a * Math.exp(epsilon));
    const u = halfB > 0 ? (a * Math.exp(epsilon)) / (halfB + root) : (root - halfB) / a;
    const x = variance * Math.log(u);
    const order = Math.exp(epsilon);
    const apart = probability * (upper(x - 1) - order * upper(x + 1));
    return Math.max(0, apart + (1 - probability) * -Math.expm1(epsilon) * upper(x));
  };
}
