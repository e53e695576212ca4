import type { FoldGroup } from "./fold-counts.js";

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Values seen rarely are drawn to the mean by so many rows of it. */
const prior = 5;

interface FoldSums {
  readonly groups: FoldGroup[];
  rows: number;
  sum: number;
}

function byFold(groups: readonly FoldGroup[]): FoldSums[] {
  const folds = new Map<string, FoldSums>();
  for (const group of groups) {
    const fold = folds.get(group.fold) ?? { groups: [], rows: 0, sum: 0 };
    fold.groups.push(group);
    fold.rows += group.rows;
    fold.sum += group.sum;
    folds.set(group.fold, fold);
  }
  return [...folds.values()];
}

/**
 * Area under the ROC curve of the held-out predictions of a 0/1 target, taken within each fold and averaged by pairs of rows:
 * across folds the means differ, which would order positives below negatives. 0.5 where a class is missing.
 */
export function crossFitAuc(groups: readonly FoldGroup[]): number {
  const folds = byFold(groups);
  const rows = sum(folds.map((fold) => fold.rows));
  const positives = sum(folds.map((fold) => fold.sum));
  let [ordered, pairs] = [0, 0];
  for (const fold of folds) {
    const base = (positives - fold.sum) / Math.max(1, rows - fold.rows);
    const scored = fold.groups
      .map((group) => ({ ...group, score: (group.sumOutside + prior * base) / (group.rowsOutside + prior) }))
      .sort((left, right) => left.score - right.score);
    let negativesBelow = 0;
    for (let start = 0; start < scored.length; ) {
      let end = start;
      let [tiedPositives, tiedNegatives] = [0, 0];
      while (end < scored.length && scored[end]?.score === scored[start]?.score) {
        const group = scored[end] as FoldGroup;
        tiedPositives += group.sum;
        tiedNegatives += group.rows - group.sum;
        end += 1;
      }
      ordered += tiedPositives * (negativesBelow + tiedNegatives / 2);
      negativesBelow += tiedNegatives;
      start = end;
    }
    pairs += fold.sum * (fold.rows - fold.sum);
  }
  return pairs === 0 ? 0.5 : ordered / pairs;
}

export interface SureGroups {
  /** Held-out rows whose value is almost always positive in the other folds, and the positives among them. */
  readonly rows: number;
  readonly positives: number;
  readonly allPositives: number;
}

/** What values that are positive in at least 90 % of at least 20 rows elsewhere are in the held-out fold. */
export function surePositives(groups: readonly FoldGroup[]): SureGroups {
  const sure = groups.filter(({ rowsOutside, sumOutside }) => rowsOutside >= 20 && sumOutside >= 0.9 * rowsOutside);
  return {
    rows: sum(sure.map((group) => group.rows)),
    positives: sum(sure.map((group) => group.sum)),
    allPositives: sum(groups.map((group) => group.sum)),
  };
}

/** Share of a centered target's variance that held-out means explain; below 0 where they are worse than the mean. */
export function crossFitRSquared(groups: readonly FoldGroup[]): number {
  const total = sum(groups.map((group) => group.sumOfSquares));
  if (total === 0) return 0;
  const rest = sum(
    groups.map((group) => {
      const prediction = group.sumOutside / (group.rowsOutside + 1);
      return group.sumOfSquares - 2 * prediction * group.sum + group.rows * prediction ** 2;
    }),
  );
  return 1 - rest / total;
}
