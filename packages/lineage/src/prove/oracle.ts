/** The metric of one re-run, oriented so that more is worse; `null`: it did not apply, compile or run (unresolved). */
export type Outcome = number | null;

/**
 * Re-runs B with some units reverted. A unit is what is put back together: one difference, or several that depend on
 * each other. Called at the same time for different re-runs, at most `jobs` of them.
 */
export interface Oracle {
  /** How many units there are, numbered from 0 in the order of the ranking. */
  readonly unitCount: number;
  /** @param replicate re-runs of the same set with other numbers use other seeds */
  evaluate(reverted: readonly number[], replicate: number): Promise<Outcome>;
}

/** One set of reverted units with the outcomes of its replicates. */
export interface Arm {
  readonly reverted: readonly number[];
  readonly outcomes: readonly Outcome[];
}

export const isFiniteOutcome = (outcome: Outcome): outcome is number => outcome !== null && Number.isFinite(outcome);

/** The finite values of an arm. */
export const valuesOf = (arm: Arm): number[] => arm.outcomes.filter(isFiniteOutcome);

/** Sets are equal when they revert the same units. */
export const setKey = (reverted: readonly number[]): string => [...reverted].sort((a, b) => a - b).join(",");

/** Thrown to end the search: the budget of runs or of time is used up. */
export class BudgetSpent extends Error {}
