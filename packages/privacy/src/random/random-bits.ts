import { randomFillSync } from "node:crypto";

/**
 * A source of independent fair bits. What is released under a privacy guarantee takes them from the operating system
 * (`systemBits`); another source is for tests that must repeat.
 */
export interface RandomBits {
  /** 32 fair bits as an integer in 0 .. 2^32 - 1. */
  next32(): number;
}

const poolWords = 16_384;

/** Bits of the operating system's generator, fetched 64 KiB at a time and each used once. */
export function systemBits(): RandomBits {
  const pool = new Uint32Array(poolWords);
  let position = poolWords;
  return {
    next32() {
      if (position === poolWords) {
        randomFillSync(pool);
        position = 0;
      }
      const word = pool[position] as number;
      // A used word is never seen again, also not by somebody who reads the memory of the process later.
      pool[position] = 0;
      position += 1;
      return word;
    },
  };
}

/** 53 fair bits as an integer in 0 .. 2^53 - 1. */
export function next53(bits: RandomBits): number {
  return (bits.next32() >>> 5) * 67_108_864 + (bits.next32() >>> 6);
}

/**
 * Uniform integer in 0 .. bound - 1, without bias: draws that fall behind the last whole multiple are thrown away.
 *
 * @param bound integer in 1 .. 2^53
 */
export function uniformBelow(bits: RandomBits, bound: number): number {
  if (bound <= 0x1_0000_0000) {
    const limit = 0x1_0000_0000 - (0x1_0000_0000 % bound);
    for (;;) {
      const word = bits.next32();
      if (word < limit) return word % bound;
    }
  }
  const limit = 2 ** 53 - (2 ** 53 % bound);
  for (;;) {
    const value = next53(bits);
    if (value < limit) return value % bound;
  }
}

/** Uniform integer in 0 .. bound - 1 for any bound of at least 1. */
export function uniformBelowBig(bits: RandomBits, bound: bigint): bigint {
  if (bound <= 1n << 53n) return BigInt(uniformBelow(bits, Number(bound)));
  const width = (bound - 1n).toString(2).length;
  for (;;) {
    let value = 0n;
    for (let have = 0; have < width; have += 32) value = (value << 32n) | BigInt(bits.next32());
    value = BigInt.asUintN(width, value);
    if (value < bound) return value;
  }
}
