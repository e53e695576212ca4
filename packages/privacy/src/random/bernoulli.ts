import { next53, type RandomBits } from "./random-bits.js";

/** Bits of a draw that decide nearly always; the rest is drawn only when these are equal. */
const draw = 2 ** 53;

/**
 * Whether a uniform real of [0, 1) lies below `numerator / denominator`, exactly. The real is drawn 53 bits at a time and
 * only as far as the answer depends on it.
 *
 * @param numerator integer in 0 .. denominator
 * @param denominator integer in 1 .. 2^53
 */
export function bernoulli(bits: RandomBits, numerator: number, denominator: number): boolean {
  const drawn = next53(bits);
  // The quotient is off by at most 2^-53 relative, so by less than 1 after scaling: outside of that the draw has decided.
  const border = (numerator / denominator) * draw;
  if (drawn < border - 2) return true;
  if (drawn > border + 2) return false;
  return decide(bits, drawn, BigInt(numerator), BigInt(denominator));
}

/** `bernoulli` for integers of any size. */
export function bernoulliBig(bits: RandomBits, numerator: bigint, denominator: bigint): boolean {
  const drawn = next53(bits);
  // Two conversions and a quotient: three roundings of 2^-53 relative at most.
  const border = (Number(numerator) / Number(denominator)) * draw;
  if (drawn < border - 4) return true;
  if (drawn > border + 4) return false;
  return decide(bits, drawn, numerator, denominator);
}

function decide(bits: RandomBits, first: number, numerator: bigint, denominator: bigint): boolean {
  let drawn = BigInt(first);
  let rest = numerator;
  for (;;) {
    const scaled = rest << 53n;
    const border = scaled / denominator;
    if (drawn !== border) return drawn < border;
    rest = scaled % denominator;
    if (rest === 0n) return false;
    drawn = BigInt(next53(bits));
  }
}

/**
 * True with probability exp(-numerator / denominator), exactly: Canonne, Kamath and Steinke 2020, "The Discrete Gaussian
 * for Differential Privacy", algorithm 1.
 *
 * @param numerator integer of at least 0
 * @param denominator integer of at least 1; times the number of draws (below 100 but for 1 in 10^150) at most 2^53
 */
export function bernoulliExponential(bits: RandomBits, numerator: number, denominator: number): boolean {
  let rest = numerator;
  for (; rest > denominator; rest -= denominator) if (!fraction(bits, denominator, denominator)) return false;
  return fraction(bits, rest, denominator);
}

/** For 0 <= numerator / denominator <= 1: the parity of how many uniform reals fall, as exp's alternating series. */
function fraction(bits: RandomBits, numerator: number, denominator: number): boolean {
  if (numerator === 0) return true;
  let count = 1;
  while (bernoulli(bits, numerator, denominator * count)) count += 1;
  return count % 2 === 1;
}

/** `bernoulliExponential` for integers of any size. */
export function bernoulliExponentialBig(bits: RandomBits, numerator: bigint, denominator: bigint): boolean {
  let rest = numerator;
  for (; rest > denominator; rest -= denominator) if (!fraction(bits, 1, 1)) return false;
  if (rest === 0n) return true;
  let count = 1n;
  while (bernoulliBig(bits, rest, denominator * count)) count += 1n;
  return count % 2n === 1n;
}
