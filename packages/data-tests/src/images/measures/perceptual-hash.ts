import { type Luma, shrink } from "./luma.js";

const size = 32;
const kept = 8;

const cosines = Float64Array.from({ length: kept * size }, (_, place) => {
  const [frequency, x] = [Math.floor(place / size), place % size];
  return Math.cos(((2 * x + 1) * frequency * Math.PI) / (2 * size));
});

/**
 * The perceptual hash of an image: signs of its 8 x 8 lowest frequencies against their median. Scaling, compressing and slightly
 * brightening an image changes few of the 64 bits.
 *
 * Source: Zauner, "Implementation and Benchmarking of Perceptual Image Hash Functions" (2010), 3.2.1, with means over boxes in place of a
 * mean filter.
 */
export function perceptualHash(luma: Luma): string {
  const small = shrink(luma, size, size);
  const rows = new Float64Array(kept * size);
  for (let y = 0; y < size; y++) {
    for (let frequency = 0; frequency < kept; frequency++) {
      let sum = 0;
      for (let x = 0; x < size; x++) sum += (small[y * size + x] as number) * (cosines[frequency * size + x] as number);
      rows[y * kept + frequency] = sum;
    }
  }
  const low = new Float64Array(kept * kept);
  for (let v = 0; v < kept; v++) {
    for (let u = 0; u < kept; u++) {
      let sum = 0;
      for (let y = 0; y < size; y++) sum += (rows[y * kept + u] as number) * (cosines[v * size + y] as number);
      low[v * kept + u] = sum;
    }
  }
  // The first one is the brightness, which is not a matter of shape.
  const sorted = low.slice(1).sort();
  const median = sorted[sorted.length >> 1] as number;
  let hash = "";
  for (let byte = 0; byte < 8; byte++) {
    let bits = 0;
    for (let bit = 0; bit < 8; bit++) bits = (bits << 1) | ((low[byte * 8 + bit] as number) > median ? 1 : 0);
    hash += bits.toString(16).padStart(2, "0");
  }
  return hash;
}

/** Bits in which two hashes differ, 0 .. 64. */
export function hashDistance(left: string, right: string): number {
  return (
    bitCount(Number.parseInt(left.slice(0, 8), 16) ^ Number.parseInt(right.slice(0, 8), 16)) +
    bitCount(Number.parseInt(left.slice(8), 16) ^ Number.parseInt(right.slice(8), 16))
  );
}

/** Source: Warren, "Hacker's Delight" (2nd edition), 5-1. */
export function bitCount(word: number): number {
  let count = word - ((word >>> 1) & 0x55555555);
  count = (count & 0x33333333) + ((count >>> 2) & 0x33333333);
  return Math.imul((count + (count >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
