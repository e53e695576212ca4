import type { PrivacyEvent } from "../accounting/event.js";
import { discreteLaplace } from "../mechanisms/discrete-laplace.js";
import type { RandomBits } from "../random/random-bits.js";
import { divide, fromDecimal, multiply, type Rational, rational, toNumber } from "../random/rational.js";

/** Noise for one integer of every group. */
export interface GroupNoise {
  /** Scale of the discrete Laplace noise, exactly. */
  readonly scale: Rational;
  /** What releasing the integer for all groups costs. */
  readonly event: PrivacyEvent;
}

/** Finest lattice on which costs are computed; a finer one costs time and changes the fourth digit. */
const finest = 256;
const largestScale = 1e4;

/**
 * Noise for an integer that a person moves by at most `sensitivity` in each of at most `groups` groups.
 *
 * An accountant's time grows with the scale, and sums have large ones. The cost is therefore stated for a coarser lattice:
 * a discrete Laplace variable of scale k s is k times one of scale s plus something independent of it (a geometric variable
 * split by its remainder modulo k), so noise of scale k s on a multiple of k is computed from noise of scale s on the
 * quotient and costs no more. The sensitivity is rounded up to a multiple of k, and noise of the rounded one is drawn.
 *
 * @param epsilon above 0: of the release for all groups
 */
export function groupNoise(options: {
  readonly sensitivity: number;
  readonly groups: number;
  readonly epsilon: Rational;
}): GroupNoise {
  const { sensitivity, groups, epsilon } = options;
  const perGroup = divide(epsilon, rational(BigInt(groups)));
  const target = Math.min(finest, Math.max(1, Math.floor(largestScale * toNumber(perGroup))));
  const coarse = Math.max(1, Math.ceil(sensitivity / target));
  const steps = Math.ceil(sensitivity / coarse);
  const scale = divide(rational(BigInt(steps)), perGroup);
  const single: PrivacyEvent = { kind: "discrete-laplace", scale: toNumber(scale), sensitivity: steps };
  return {
    scale: multiply(scale, rational(BigInt(coarse))),
    event: groups === 1 ? single : { kind: "repeated", times: groups, event: single },
  };
}

/**
 * Noise for a vector that a person moves by at most `sensitivity` in all (L1), wherever: pure differential privacy (Dwork,
 * McSherry, Nissim and Smith 2006, proposition 1).
 */
export function vectorNoise(options: { readonly sensitivity: number; readonly epsilon: Rational }): GroupNoise {
  const { sensitivity, epsilon } = options;
  return {
    scale: divide(rational(BigInt(sensitivity)), epsilon),
    event: { kind: "epsilon-delta", epsilon: toNumber(epsilon), delta: 0 },
  };
}

/** An epsilon, read as the decimal that it prints as, in equal parts. */
export const epsilonPart = (epsilon: number, parts: number): Rational =>
  divide(fromDecimal("epsilon", epsilon), rational(BigInt(parts)));

export const drawNoise = ({ scale }: GroupNoise, bits: RandomBits): (() => bigint) => discreteLaplace(scale, bits);
