/**
 * The sum of any numbers, rounded once: the same whatever the order in which they come. Infinities and NaN are counted by the caller.
 *
 * Source: Shewchuk, "Adaptive Precision Floating-Point Arithmetic and Fast Robust Geometric Predicates" (1997), GROW-EXPANSION, theorem 10;
 * the rounding of the partial sums is that of Python's math.fsum.
 */
export class ExactSum {
  #partials: number[] = [];

  add(value: number): void {
    const partials = this.#partials;
    const count = partials.length;
    let carried = value;
    let kept = 0;
    for (let index = 0; index < count; index++) {
      const partial = partials[index] as number;
      // TwoSum of Knuth, whatever the larger one is.
      const sum = carried + partial;
      const share = sum - carried;
      const rest = carried - (sum - share) + (partial - share);
      if (rest !== 0) partials[kept++] = rest;
      carried = sum;
    }
    partials[kept] = carried;
    if (partials.length > kept + 1) partials.length = kept + 1;
  }

  /** Adds the exact square. Source: Dekker, "A floating-point technique for extending the available precision" (1971), Mul12. */
  addSquare(value: number): void {
    const square = value * value;
    const scaled = 134_217_729 * value;
    const high = scaled - (scaled - value);
    const low = value - high;
    this.add(square);
    this.add(low * low - (square - high * high - 2 * high * low));
  }

  value(): number {
    const partials = this.#partials;
    let place = partials.length - 1;
    if (place < 0) return 0;
    let high = partials[place] as number;
    let low = 0;
    while (place > 0) {
      const before = high;
      const next = partials[--place] as number;
      high = before + next;
      low = next - (high - before);
      if (low !== 0) break;
    }
    // Half-way cases: what is left decides to which side.
    const beyond = place > 0 ? (partials[place - 1] as number) : 0;
    if ((low < 0 && beyond < 0) || (low > 0 && beyond > 0)) {
      const doubled = low * 2;
      const rounded = high + doubled;
      if (doubled === rounded - high) return rounded;
    }
    return high;
  }
}
