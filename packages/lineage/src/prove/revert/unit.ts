import type { Difference } from "../../contract/index.js";
import type { Revert } from "./plan.js";

/** Differences that are reverted together, as the search sees them. */
export interface Unit {
  readonly differences: readonly Difference[];
  readonly reverts: readonly Revert[];
  /** Plausibility by the ranking, above 0. */
  readonly weight: number;
}
