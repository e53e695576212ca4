/** Sums of row hashes modulo 2^128: they do not depend on the order of rows, count duplicates, and merge by adding. */
const modulus = 1n << 128n;

export function formatSum(sum: bigint): string {
  return (((sum % modulus) + modulus) % modulus).toString(16).padStart(32, "0");
}

export function parseSum(text: string): bigint {
  return BigInt(`0x${text}`);
}
