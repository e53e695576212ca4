const tiny = 1e-300;
const maximumTerms = 100_000;

/**
 * b0 + a1 / (b1 + a2 / (b2 + ...)) by the modified Lentz method (Thompson and Barnett 1986, J. Comput. Phys. 64).
 * `term(n)` gives [a_n, b_n] for n >= 1.
 */
export function continuedFraction(b0: number, term: (n: number) => readonly [number, number]): number {
  let value = b0 === 0 ? tiny : b0;
  let c = value;
  let d = 0;
  for (let n = 1; n <= maximumTerms; n++) {
    const [a, b] = term(n);
    d = b + a * d;
    if (d === 0) d = tiny;
    c = b + a / c;
    if (c === 0) c = tiny;
    d = 1 / d;
    const factor = c * d;
    value *= factor;
    if (Math.abs(factor - 1) < 1e-16) break;
  }
  return value;
}
