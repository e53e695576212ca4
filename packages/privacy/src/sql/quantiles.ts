import type { QuantileEstimate } from "./answer.js";
import { sumBound } from "./error-bound.js";

/** Children of a node; two levels make 256 leaves. */
export const branching = 16;
export const leafCount = branching * branching;

/** Noisy weights of the 16 inner nodes, then of the 256 leaves. */
export type NoisyTree = readonly number[];

/** Noise in the weight of rows below a border, less a share of all: up to 16 inner nodes and 15 leaves. */
const terms = 2 * branching - 1;

/** The nearest non-decreasing sequence by least squares: neighbors that violate the order are pooled. */
function nonDecreasing(values: readonly number[]): number[] {
  const blocks: { sum: number; size: number }[] = [];
  for (const value of values) {
    let block = { sum: value, size: 1 };
    for (;;) {
      const before = blocks.at(-1);
      if (before === undefined || before.sum / before.size <= block.sum / block.size) break;
      blocks.pop();
      block = { sum: before.sum + block.sum, size: before.size + block.size };
    }
    blocks.push(block);
  }
  return blocks.flatMap(({ sum, size }) => Array.from({ length: size }, () => sum / size));
}

/**
 * Quantiles from a noisy tree of counts (Hay, Rastogi, Miklau and Suciu 2010, "Boosting the Accuracy of Differentially
 * Private Histograms Through Consistency"; here with sixteen children): the weight below a border is a sum of few nodes.
 *
 * @param tree in rows
 * @param scale of the noise, in rows
 */
export function quantilesOf(
  tree: NoisyTree,
  options: {
    readonly probabilities: readonly number[];
    readonly lower: number;
    readonly upper: number;
    readonly scale: number;
    readonly confidence: number;
  },
): QuantileEstimate[] {
  const { probabilities, lower, upper, scale, confidence } = options;
  const below: number[] = [0];
  let inner = 0;
  for (let node = 0; node < branching; node++) {
    let partial = inner;
    for (let child = 0; child < branching; child++) {
      if (child === branching - 1) break;
      partial += tree[branching + node * branching + child] as number;
      below.push(partial);
    }
    inner += tree[node] as number;
    below.push(inner);
  }
  const total = inner;
  // One bound for all borders that decide: their number is in it.
  const bound = sumBound(scale, terms, (1 - confidence) / leafCount);
  const border = (index: number): number => lower + ((upper - lower) * index) / leafCount;
  return probabilities.map((probability) => {
    const surplus = below.map((weight) => weight - probability * total);
    const fitted = nonDecreasing(surplus);
    let after = fitted.findIndex((value, index) => index > 0 && value >= 0);
    if (after < 0) after = leafCount;
    const [left, right] = [fitted[after - 1] as number, fitted[after] as number];
    const share = right > left ? Math.min(1, Math.max(0, -left / (right - left))) : 0.5;
    let low = 0;
    let high = leafCount;
    for (let index = 1; index < leafCount; index++) {
      if ((surplus[index] as number) + bound < 0) low = index;
      if ((surplus[leafCount - index] as number) - bound > 0) high = leafCount - index;
    }
    const value = border(after - 1) + share * (border(after) - border(after - 1));
    return { probability, value, low: Math.min(border(low), value), high: Math.max(border(high), value) };
  });
}
