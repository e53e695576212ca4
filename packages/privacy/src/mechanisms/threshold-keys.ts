import { requireInteger, requireOpenProbability, requirePositive } from "../arguments.js";
import { type RandomBits, systemBits } from "../random/random-bits.js";
import { laplaceMechanism } from "./laplace.js";

/** Counts of keys that nobody knew before, with the border below which a key stays unnamed. */
export interface ThresholdedCounts<Key> {
  readonly counts: ReadonlyMap<Key, bigint>;
  /** A key is shown when its noisy count is at least this. */
  readonly threshold: bigint;
}

/**
 * The lowest threshold at which a key that belongs to one person is shown with a probability of at most `delta`, over all
 * keys of that person (Wilson et al. 2020, "Differentially Private SQL with Bounded User Contribution", theorem 2, with
 * the discrete tail).
 *
 * @param options.epsilon per key: the whole epsilon divided by `keysPerPerson`
 */
export function keyThreshold(options: {
  readonly epsilon: number;
  readonly delta: number;
  readonly keysPerPerson: number;
}): bigint {
  const epsilon = requirePositive("epsilon", options.epsilon);
  const delta = requireOpenProbability("delta", options.delta);
  const keys = requireInteger("keysPerPerson", options.keysPerPerson, 1);
  // 1 - (1 - p)^keys <= delta, in a form that keeps its digits for small delta.
  const perKey = -Math.expm1(Math.log1p(-delta) / keys);
  // P(1 + X >= threshold) = q^(threshold - 1) / (1 + q), q = exp(-epsilon). One more unit absorbs rounding.
  const q = Math.exp(-epsilon);
  return BigInt(Math.max(2, Math.ceil(1 - Math.log(perKey * (1 + q)) / epsilon) + 1));
}

/**
 * Releases how many people belong to each key when the keys themselves may give somebody away: keys below a threshold
 * are not named. Costs `epsilon` and `delta`.
 *
 * @param counts people per key; keys of nobody must not be in it
 * @param options.keysPerPerson a person is counted in at most this many keys; the caller bounds it
 * @throws DeepwrightError `INVALID_ARGUMENT`
 */
export function thresholdKeys<Key>(
  counts: ReadonlyMap<Key, bigint>,
  options: {
    readonly epsilon: number;
    readonly delta: number;
    readonly keysPerPerson: number;
    readonly bits?: RandomBits;
  },
): ThresholdedCounts<Key> {
  const { keysPerPerson, bits = systemBits() } = options;
  const epsilon = requirePositive("epsilon", options.epsilon) / requireInteger("keysPerPerson", keysPerPerson, 1);
  const threshold = keyThreshold({ epsilon, delta: options.delta, keysPerPerson });
  // One release of all counts: a person moves up to keysPerPerson of them by 1.
  const mechanism = laplaceMechanism({ epsilon: options.epsilon, sensitivity: keysPerPerson, bits });
  const shown = new Map<Key, bigint>();
  for (const [key, count] of counts) {
    const noisy = mechanism.release(count);
    if (noisy >= threshold) shown.set(key, noisy);
  }
  return { counts: shown, threshold };
}
