import { seededRng } from "@deepwright/core";
import type { RandomBits } from "../random/random-bits.js";

/** Bits that repeat, for tests. */
export function seededBits(seed: number): RandomBits {
  const rng = seededRng(seed);
  return { next32: () => rng.integer(2 ** 32) };
}
