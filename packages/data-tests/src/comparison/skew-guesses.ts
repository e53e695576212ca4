import type { CellValue } from "@deepwright/engines";
import { type Hypothesis, mode, type SkewGuess, type SkewPair } from "./skew-hypothesis.js";
import { numberGuesses } from "./skew-numbers.js";
import { textGuesses, timeGuesses } from "./skew-texts-times.js";

/** Below this fraction of what is still unexplained nothing is guessed. */
const least = 0.1;
const most = 3;

/**
 * What may have happened to the cells: the hypothesis that explains most, then the one that explains most of the rest. Of two that explain the
 * same the simpler one is taken, which is the earlier in the list.
 */
export function guessSkew(pairs: readonly SkewPair[]): readonly SkewGuess[] {
  const guesses: SkewGuess[] = [];
  let rest = pairs;
  while (rest.length > 0 && guesses.length < most) {
    const found = hypothesesOf(rest).map((hypothesis) => ({
      hypothesis,
      count: countExplained(hypothesis, rest),
    }));
    const best = found.reduce<(typeof found)[number] | null>(
      (left, right) => (left === null || right.count > left.count ? right : left),
      null,
    );
    if (best === null || best.count < Math.max(1, least * pairs.length)) break;
    const { kind, words } = best.hypothesis;
    guesses.push({ kind, words, explains: best.count / pairs.length });
    rest = rest.filter((pair) => best.hypothesis.applies?.(pair) !== false && !best.hypothesis.explains(pair));
  }
  if (guesses.length > 0) return guesses;
  return [{ kind: "unknown", explains: 0, words: "differs in no way that is known here" }];
}

/** Where only some pairs can be judged, all are taken to be like those. */
function countExplained({ applies, explains }: Hypothesis, pairs: readonly SkewPair[]): number {
  const judged = applies === undefined ? pairs : pairs.filter(applies);
  return judged.length === 0 ? 0 : (judged.filter(explains).length / judged.length) * pairs.length;
}

function hypothesesOf(pairs: readonly SkewPair[]): Hypothesis[] {
  const present = pairs.filter(({ training, serving }) => training !== null && serving !== null);
  return [
    ...missingGuesses(pairs),
    ...numberGuesses(present),
    ...timeGuesses(present),
    ...textGuesses(present),
    ...shiftGuesses(pairs),
  ];
}

const same = (left: CellValue, right: CellValue | undefined): boolean =>
  left === right || (Number.isNaN(left) && Number.isNaN(right));

function missingGuesses(pairs: readonly SkewPair[]): Hypothesis[] {
  const isGone = (cell: CellValue): boolean => cell === null || Number.isNaN(cell);
  const list: Hypothesis[] = [
    {
      kind: "missing-value",
      words: "is missing when serving",
      explains: ({ training, serving }) => isGone(serving) && !isGone(training),
    },
  ];
  const filled = pairs.filter(({ training, serving }) => isGone(training) && !isGone(serving));
  const value = mode(filled.map(({ serving }) => serving));
  if (value === undefined) return list;
  return [
    {
      kind: "missing-default",
      words: `is ${JSON.stringify(value.cell)} when serving where training has none`,
      explains: ({ training, serving }) => isGone(training) && same(value.cell, serving),
    },
    ...list,
  ];
}

/** The value of an earlier or a later row; every row of a constant would fit, so neighbors must vary. */
function shiftGuesses(pairs: readonly SkewPair[]): Hypothesis[] {
  const withNeighbors = pairs.filter(({ neighbors }) => neighbors !== undefined);
  if (withNeighbors.length < 5 || new Set(withNeighbors.map(({ serving }) => String(serving))).size < 2) return [];
  return [-1, 1, -2, 2, -3, 3].map((by) => ({
    kind: "row-shift" as const,
    words: `is the training value ${Math.abs(by)} ${Math.abs(by) === 1 ? "row" : "rows"} ${by < 0 ? "earlier" : "later"}`,
    applies: ({ neighbors }) => neighbors !== undefined,
    explains: ({ serving, neighbors }) => neighbors !== undefined && by in neighbors && same(serving, neighbors[by]),
  }));
}
