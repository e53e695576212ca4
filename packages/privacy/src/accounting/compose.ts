import { fourierTransform } from "./fft.js";
import type { LossGrid } from "./loss-grid.js";

/** A mechanism's losses and how often it is used. All parts of a composition have the same step. */
export interface Part {
  readonly grid: LossGrid;
  readonly times: number;
}

export interface Cumulants {
  readonly log: number;
  readonly mean: number;
  readonly variance: number;
}

/** Moments of the sum of all losses, tilted by exp(t loss): its log, and the mean and variance under the tilt. */
export function cumulants(parts: readonly Part[], tilt: number): Cumulants {
  let [log, mean, variance] = [0, 0, 0];
  for (const { grid, times } of parts) {
    const { step, index, mass } = grid;
    const shift = tilt * step * (index[tilt >= 0 ? index.length - 1 : 0] as number);
    let [sum, linear, square] = [0, 0, 0];
    for (let k = 0; k < mass.length; k++) {
      const loss = (index[k] as number) * step;
      const weight = (mass[k] as number) * Math.exp(loss * tilt - shift);
      sum += weight;
      linear += weight * loss;
      square += weight * loss * loss;
    }
    const center = linear / sum;
    log += times * (Math.log(sum) + shift);
    mean += times * center;
    variance += times * Math.max(0, square / sum - center * center);
  }
  return { log, mean, variance };
}

/** What is left outside of the window, as a share of the tilted sum: exp(-32). */
const logOutside = -32;
const fewestSteps = 4;

/** How far from its mean the tilted sum goes, by Chernoff's bound: P(|S - mean| > reach) <= exp(logOutside). */
function reachOf(parts: readonly Part[], tilt: number, { log, mean, variance }: Cumulants, sign: 1 | -1): number {
  const deviation = Math.sqrt(variance);
  let least = Number.POSITIVE_INFINITY;
  // Any s bounds; around 8 / deviation is right for a bell, less of it for a long tail.
  for (let factor = 8; factor > 0.05; factor /= 2) {
    const s = factor / deviation;
    const further = cumulants(parts, tilt + sign * s).log;
    const reach = (further - log - logOutside) / s - sign * mean;
    if (reach < least) least = reach;
    else if (least < Number.POSITIVE_INFINITY) break;
  }
  return least;
}

/** The sum of all losses around one place: probability `mass[k] exp(logFactor)` of the loss `(first + k) step`. */
export interface ComposedLoss {
  readonly step: number;
  readonly first: number;
  readonly mass: Float64Array;
  readonly logFactor: number;
  /** Probability that any loss is infinite, from above. */
  readonly infinite: number;
}

/**
 * The distribution of the sum of all losses around one place, by the Fourier transform of the tilted distributions.
 *
 * Without a tilt, rounding errors of the size of 1e-16 times the bulk drown the tail that delta is made of. Multiplied by
 * exp(t loss) the tail becomes the bulk, keeps its digits, and only a window of it has to be computed.
 *
 * @param tilt t; the sum is followed around its mean under the tilt
 */
export function composeAround(parts: readonly Part[], tilt: number): ComposedLoss {
  const step = (parts[0] as Part).grid.step;
  const moments = cumulants(parts, tilt);
  const { log, mean, variance } = moments;
  const spread = variance > 0;
  const below = spread ? reachOf(parts, tilt, moments, -1) : 0;
  const above = spread ? reachOf(parts, tilt, moments, 1) : 0;
  const steps = Math.ceil((below + above) / step) + 2 * fewestSteps;
  const size = 2 ** Math.ceil(Math.log2(Math.max(16, steps)));
  const first = Math.floor((mean - below) / step) - fewestSteps;
  // The product of all transforms, begun with a shift that brings the window's first point to 0.
  const product = { real: new Float64Array(size).fill(1), imaginary: new Float64Array(size) };
  let infinite = 0;
  for (const { grid, times } of parts) {
    infinite += times * grid.infinite;
    const own = cumulants([{ grid, times: 1 }], tilt).log;
    const real = new Float64Array(size);
    const imaginary = new Float64Array(size);
    for (let k = 0; k < grid.mass.length; k++) {
      const point = grid.index[k] as number;
      const place = ((point % size) + size) % size;
      real[place] = (real[place] as number) + (grid.mass[k] as number) * Math.exp(point * step * tilt - own);
    }
    fourierTransform(real, imaginary);
    multiplyPower(product, real, imaginary, times);
  }
  fourierTransform(product.real, product.imaginary, true);
  const mass = new Float64Array(size);
  // Around the mean the factors that take the tilt back are near 1; what they have in common may be beyond all numbers.
  const center = mean / step;
  for (let k = 0; k < size; k++) {
    const point = first + k;
    const place = ((point % size) + size) % size;
    const tilted = Math.max(0, (product.real[place] as number) / size);
    mass[k] = tilted * Math.exp((center - point) * step * tilt);
  }
  return { step, first, mass, logFactor: log - center * step * tilt, infinite };
}

/** The inputs are real, so the upper half of every transform mirrors the lower one. */
function multiplyPower(
  product: { readonly real: Float64Array; readonly imaginary: Float64Array },
  real: Float64Array,
  imaginary: Float64Array,
  power: number,
): void {
  const size = real.length;
  for (let k = 0; k <= size / 2; k++) {
    const [x, y] = [real[k] as number, imaginary[k] as number];
    const logSize = 0.5 * Math.log(x * x + y * y) * power;
    // Smaller than the rounding of what counts.
    const modulus = logSize > -80 ? Math.exp(logSize) : 0;
    const [a, b] = [product.real[k] as number, product.imaginary[k] as number];
    let [c, s] = [0, 0];
    if (modulus > 0) {
      const angle = Math.atan2(y, x) * power;
      [c, s] = [modulus * Math.cos(angle), modulus * Math.sin(angle)];
    }
    product.real[k] = a * c - b * s;
    product.imaginary[k] = a * s + b * c;
    if (k > 0 && k < size / 2) {
      product.real[size - k] = product.real[k] as number;
      product.imaginary[size - k] = -(product.imaginary[k] as number);
    }
  }
}
