import { createHash } from "node:crypto";
import type { Dialect } from "../sql/dialect.js";
import { type Fragment, sql } from "../sql/fragment.js";

/** Registers are chosen by three hexadecimal digits of the hash; the rest of it is 13 digits, 52 bits. */
const registerCount = 4096;
const restDigits = 13;
const restBits = restDigits * 4;
const letters = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_";
const places = new Map([...letters].map((letter, value) => [letter, value]));

/** One standard deviation of the relative error of an estimate: 1.04 / sqrt(4096) (Flajolet and others 2007, theorem 1). */
export const distinctError = 1.04 / Math.sqrt(registerCount);

/**
 * What a value adds to the sketch, as text: the digits of the register, then those of the rest up to the first that is not 0.
 * Made of text functions alone, so that every engine hashes alike.
 *
 * @param hash 32 hexadecimal digits, or NULL
 */
export function registerKey(hash: Fragment): Fragment {
  const rest = sql`TRIM(LEADING '0' FROM substr(${hash}, 4, 13))`;
  return sql`COALESCE(substr(${hash}, 1, 17 - length(${rest})), 'none')`;
}

/** The same of all values of a register: the least rest has the most zeros in front. */
export const registerParts = (hash: Fragment) => ({
  register: sql`COALESCE(substr(${hash}, 1, 3), 'none')`,
  rest: sql`substr(${hash}, 4, 13)`,
});

/** What SQL makes of a value, by the same hash of the same text. */
export function registerKeyOf(value: string): string {
  return createHash("md5").update(value).digest("hex").slice(0, 16);
}

export function hashOf(column: Fragment, dialect: Dialect): Fragment {
  return dialect.md5(dialect.toText(column));
}

/** A sketch of values, from their keys: three digits of the register, and the rest or its start up to the first digit that is not 0. */
export function registersOf(keys: Iterable<string>): string {
  const registers = new Uint8Array(registerCount);
  for (const key of keys) {
    const register = Number.parseInt(key.slice(0, 3), 16);
    let zeros = 0;
    while (zeros < restDigits && (key[3 + zeros] ?? "0") === "0") zeros += 1;
    const digit = Number.parseInt(key[3 + zeros] ?? "0", 16);
    const leadingZeros = zeros === restDigits ? restBits : zeros * 4 + Math.clz32(digit) - 28;
    registers[register] = Math.max(registers[register] as number, leadingZeros + 1);
  }
  return write(registers);
}

const write = (registers: Uint8Array): string => Array.from(registers, (value) => letters[value]).join("");

/** The value of a register by the code of its letter. */
const valueOfCode = Uint8Array.from({ length: 128 }, (_, code) => places.get(String.fromCharCode(code)) ?? 0);

export function mergeRegisters(left: string, right: string): string {
  const merged = Buffer.allocUnsafe(registerCount);
  for (let index = 0; index < registerCount; index++) {
    const [a, b] = [left.charCodeAt(index), right.charCodeAt(index)];
    merged[index] = (valueOfCode[a] as number) >= (valueOfCode[b] as number) ? a : b;
  }
  return merged.toString("latin1");
}

export function areRegisters(text: string): boolean {
  return text.length === registerCount && /^[0-9a-zA-R]*$/.test(text);
}

/**
 * Estimates the number of different values. Source: O. Ertl, "New cardinality estimation algorithms for HyperLogLog sketches",
 * arXiv 1702.01284 (2017), algorithm 6, which needs neither bias tables nor a switch for small numbers.
 */
export function estimateDistinct(registers: string): number {
  const counts = new Float64Array(restBits + 2);
  for (const letter of registers) {
    const value = places.get(letter) ?? 0;
    counts[value] = (counts[value] as number) + 1;
  }
  let z = registerCount * tau(1 - (counts[restBits + 1] as number) / registerCount);
  for (let value = restBits; value >= 1; value--) z = (z + (counts[value] as number)) / 2;
  z += registerCount * sigma((counts[0] as number) / registerCount);
  return registerCount ** 2 / (2 * Math.LN2 * z);
}

/** Σ of x^(2^k) 2^(k-1), from k = 1, plus x (Ertl, equation 13). */
function sigma(start: number): number {
  if (start === 1) return Number.POSITIVE_INFINITY;
  let [x, y, z, before] = [start, 1, start, -1];
  while (z !== before) {
    before = z;
    x *= x;
    z += x * y;
    y += y;
  }
  return z;
}

/** (1 - x - Σ of (1 - x^(2^-k))² 2^-k) / 3 (Ertl, equation 16). */
function tau(start: number): number {
  if (start === 0 || start === 1) return 0;
  let [x, y, z, before] = [start, 1, 1 - start, -1];
  while (z !== before) {
    before = z;
    x = Math.sqrt(x);
    y /= 2;
    z -= (1 - x) ** 2 * y;
  }
  return z / 3;
}
