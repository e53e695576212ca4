import { DeepwrightError } from "./errors.js";

/**
 * A seeded source of random numbers. Packages take one as an argument and never use `Math.random`. Not for secrets:
 * privacy uses the operating system's generator.
 */
export interface Rng {
  /** Uniform in [0, 1), 53 random bits. */
  uniform(): number;
  /**
   * Uniform integer in [0, bound), without modulo bias.
   *
   * @param bound integer in 1 .. 2^32
   * @throws DeepwrightError `INVALID_BOUND`
   */
  integer(bound: number): number;
  /** Standard normal. */
  normal(): number;
  /** Permutes the array in place (Fisher and Yates) and returns it. */
  shuffle<T>(items: T[]): T[];
  /** An independent generator; the same label on the same seed always gives the same stream. */
  fork(label: string): Rng;
}

/** FNV-1a over UTF-16 code units; only spreads labels over seeds. */
function hashLabel(label: string, seed: number): number {
  let hash = (2166136261 ^ seed) >>> 0;
  for (let index = 0; index < label.length; index++) {
    hash ^= label.charCodeAt(index);
    hash = Math.imul(hash, 16777619) >>> 0;
  }
  return hash;
}

function invalidBound(bound: number): DeepwrightError {
  return new DeepwrightError({
    code: "INVALID_BOUND",
    expected: "an integer bound in 1 .. 4294967296",
    got: String(bound),
    todo: "Pass the number of values to choose from.",
  });
}

/** SplitMix32 finaliser: turns related seeds into unrelated states. */
function mix(value: number): number {
  let z = (value + 0x9e3779b9) >>> 0;
  z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
  z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
  return (z ^ (z >>> 15)) >>> 0;
}

/**
 * Seeded generator sfc32 (Chris Doty-Humphrey, PractRand): period about 2^127, passes PractRand and BigCrush.
 *
 * @param seed any integer; only its low 32 bits count
 * @example
 * ```ts
 * const rng = seededRng(7);
 * console.log(seededRng(7).integer(100) === rng.integer(100)); // true
 * ```
 */
export function seededRng(seed: number): Rng {
  const seed32 = seed >>> 0;
  let a = mix(seed32);
  let b = mix(a);
  let c = mix(b);
  let counter = 1;
  let spare: number | undefined;
  const next = (): number => {
    const result = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + result;
    c |= 0;
    return result >>> 0;
  };
  for (let warmUp = 0; warmUp < 15; warmUp++) next();
  const rng: Rng = {
    uniform: () => ((next() >>> 5) * 67108864 + (next() >>> 6)) / 9007199254740992,
    integer(bound) {
      if (!(Number.isInteger(bound) && bound >= 1 && bound <= 4294967296)) throw invalidBound(bound);
      // Rejection below the largest multiple of bound keeps every value equally likely.
      const limit = 4294967296 - (4294967296 % bound);
      let draw = next();
      while (draw >= limit) draw = next();
      return draw % bound;
    },
    normal() {
      if (spare !== undefined) {
        const value = spare;
        spare = undefined;
        return value;
      }
      // Marsaglia and Bray's polar method, 1964.
      for (;;) {
        const u = 2 * rng.uniform() - 1;
        const v = 2 * rng.uniform() - 1;
        const s = u * u + v * v;
        if (s > 0 && s < 1) {
          const factor = Math.sqrt((-2 * Math.log(s)) / s);
          spare = v * factor;
          return u * factor;
        }
      }
    },
    shuffle(items) {
      for (let index = items.length - 1; index > 0; index--) {
        const other = rng.integer(index + 1);
        const kept = items[index] as (typeof items)[number];
        items[index] = items[other] as (typeof items)[number];
        items[other] = kept;
      }
      return items;
    },
    fork: (label) => seededRng(hashLabel(label, seed32)),
  };
  return rng;
}
