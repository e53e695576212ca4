/**
 * The hash of a sequence of rows: four polynomials over finite fields, `sum of word(i) * base^i mod prime`, one for each
 * 32-bit word of the row's hash. It sees every exchange of unequal rows, is computed as a sum in any order of the scan, and
 * the hash of two parts one after the other follows from the hashes of the parts and the length of the first. Two
 * sequences collide with a probability of about 2^-124 unless somebody searches for a collision. Source: R. Karp and
 * M. Rabin, "Efficient randomized pattern-matching algorithms", IBM J. Res. Dev. 31 (1987), section 2.
 */

/** The four greatest primes below 2^31: the product with a 32-bit word stays below 2^63. */
export const primes = [2147483647n, 2147483629n, 2147483587n, 2147483579n] as const;
/** A primitive root of each prime, so that weights repeat only after `prime - 1` rows, at another distance for each prime. */
export const bases = [506952123n, 2135587861n, 1939652772n, 1559087160n] as const;

/** The engine sums weighted words over blocks of so many rows; the weight of a whole block is applied here. */
export const blockBits = 12;
/** Weights within a block are products of one entry of each of two tables of so many entries. */
export const tableBits = 6;

export type SequenceHash = readonly [bigint, bigint, bigint, bigint];
export const emptySequence: SequenceHash = [0n, 0n, 0n, 0n];

export function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  let square = base % modulus;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}

/** `base^(step * k) mod prime` for `k` in 0 .. 63; `step` is 1 for the low table and 64 for the high one. */
export function weightTable(lane: number, step: number): number[] {
  const prime = primes[lane] as bigint;
  const base = bases[lane] as bigint;
  return Array.from({ length: 1 << tableBits }, (_, index) => Number(power(base, BigInt(step * index), prime)));
}

/** Moves a sequence `rows` places back (the rows before it come first), or forth where `rows` is negative. */
export function shiftSequence(hash: SequenceHash, rows: number): SequenceHash {
  const shifted = hash.map((lane, index) => {
    const prime = primes[index] as bigint;
    // base^(prime - 1) = 1 (Fermat), so a negative exponent is made positive by adding a multiple of prime - 1.
    const exponent = ((BigInt(rows) % (prime - 1n)) + prime - 1n) % (prime - 1n);
    return (lane * power(bases[index] as bigint, exponent, prime)) % prime;
  });
  return shifted as unknown as SequenceHash;
}

export function addSequences(a: SequenceHash, b: SequenceHash): SequenceHash {
  return a.map((lane, index) => (lane + (b[index] as bigint)) % (primes[index] as bigint)) as unknown as SequenceHash;
}

export function formatSequence(hash: SequenceHash): string {
  return hash.map((lane) => lane.toString(16).padStart(8, "0")).join("");
}

export function parseSequence(text: string): SequenceHash {
  return [0, 8, 16, 24].map((start) => BigInt(`0x${text.slice(start, start + 8)}`)) as unknown as SequenceHash;
}
