import { bitCount } from "./perceptual-hash.js";

/**
 * All pairs of hashes that differ in at most `distance` bits, each once. Two such hashes are equal in at least one of `distance` + 1
 * parts, so that only those that share a part are compared.
 *
 * Source: Norouzi, Punjani, Fleet, "Fast Search in Hamming Space with Multi-Index Hashing" (2012), proposition 1.
 *
 * @param hashes 16 hexadecimal digits each
 * @param distance 0 .. 15
 */
export function* nearPairs(
  hashes: readonly string[],
  distance: number,
): Generator<{ readonly first: number; readonly second: number; readonly distance: number }> {
  const words = new Uint32Array(2 * hashes.length);
  hashes.forEach((hash, index) => {
    words[2 * index] = Number.parseInt(hash.slice(0, 8), 16);
    words[2 * index + 1] = Number.parseInt(hash.slice(8), 16);
  });
  const parts = distance + 1;
  const bitsOf = hashes.map((hash) => BigInt(`0x${hash}`).toString(2).padStart(64, "0"));
  const bounds = Array.from({ length: parts + 1 }, (_, part) => Math.round((64 * part) / parts));
  const tables = bounds.slice(1).map(() => new Map<string, number[]>());
  const part = (index: number, table: number): string =>
    (bitsOf[index] as string).slice(bounds[table], bounds[table + 1]);
  const sharesEarlier = (first: number, second: number, table: number): boolean => {
    for (let earlier = 0; earlier < table; earlier++) if (part(first, earlier) === part(second, earlier)) return true;
    return false;
  };
  for (let second = 0; second < hashes.length; second++) {
    for (const [table, buckets] of tables.entries()) {
      const key = part(second, table);
      const bucket = buckets.get(key);
      if (bucket === undefined) {
        buckets.set(key, [second]);
        continue;
      }
      for (const first of bucket) {
        const found =
          bitCount((words[2 * first] as number) ^ (words[2 * second] as number)) +
          bitCount((words[2 * first + 1] as number) ^ (words[2 * second + 1] as number));
        if (found <= distance && !sharesEarlier(first, second, table)) yield { first, second, distance: found };
      }
      bucket.push(second);
    }
  }
}
