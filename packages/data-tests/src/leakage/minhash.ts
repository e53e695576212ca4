/**
 * MinHash signatures and banding: A. Broder, "On the resemblance and containment of documents" (1997); P. Indyk and R. Motwani,
 * "Approximate nearest neighbors" (1998); the curve of the bands is in J. Leskovec, A. Rajaraman and J. Ullman, "Mining of Massive
 * Datasets", section 3.4.
 */
export interface Banding {
  readonly bands: number;
  /** Hashes in a band. */
  readonly rows: number;
}

/** Probability that two sets of a Jaccard similarity share a band. */
export const recallOf = ({ bands, rows }: Banding, similarity: number): number => 1 - (1 - similarity ** rows) ** bands;

/** The longest bands, which compare the fewest pairs in vain, that reach a recall at the threshold with at most `hashes` hashes. */
export function chooseBanding(threshold: number, recall: number, hashes = 128): Banding {
  for (let rows = 16; rows > 1; rows--) {
    const banding = { bands: Math.floor(hashes / rows), rows };
    if (recallOf(banding, threshold) >= recall) return banding;
  }
  return { bands: hashes, rows: 1 };
}

/** MurmurHash3's finalizer (A. Appleby, public domain): every bit of the input changes about half of the output's. */
function mix(value: number): number {
  let z = value >>> 0;
  z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
  z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
  return (z ^ (z >>> 16)) >>> 0;
}

/** FNV-1a over UTF-16 code units, mixed. */
export function hashText(text: string): number {
  let hash = 2166136261;
  for (let index = 0; index < text.length; index++) {
    hash ^= text.charCodeAt(index);
    hash = Math.imul(hash, 16777619);
  }
  return mix(hash);
}

/** One key for each band of a set of hashed tokens; sets that share a key are candidates. */
export function bandKeys(tokens: Uint32Array, { bands, rows }: Banding): number[] {
  const keys: number[] = [];
  for (let band = 0; band < bands; band++) {
    let key = mix(band + 1);
    for (let row = 0; row < rows; row++) {
      const seed = Math.imul(band * rows + row + 1, 0x9e3779b1);
      let least = 0xffffffff;
      for (const token of tokens) {
        const hashed = mix(token ^ seed);
        if (hashed < least) least = hashed;
      }
      key = mix(key ^ least);
    }
    // Bands must not meet each other's keys; 2^32 * 64 is within the exact integers.
    keys.push(key + band * 4294967296);
  }
  return keys;
}

/** Of two sorted sets without repetitions. */
export function jaccard(left: Uint32Array, right: Uint32Array): number {
  let [i, j, common] = [0, 0, 0];
  while (i < left.length && j < right.length) {
    const [a, b] = [left[i] as number, right[j] as number];
    if (a === b) common += 1;
    if (a <= b) i += 1;
    if (b <= a) j += 1;
  }
  const union = left.length + right.length - common;
  return union === 0 ? 1 : common / union;
}
