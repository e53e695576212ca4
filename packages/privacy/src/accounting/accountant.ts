import { DeepwrightError } from "@deepwright/core";
import { requireOpenProbability } from "../arguments.js";
import type { Neighbors, PrivacyEvent } from "./event.js";
import { eventProfiles } from "./event-profiles.js";
import { flattenEvents } from "./flatten.js";
import { deltaOfSteps, epsilonOfSteps, type Step } from "./privacy-loss.js";
import { epsilonOfRenyi, renyiDivergences } from "./renyi.js";

export interface AccountingOptions {
  /** Which data sets are compared. Default `add-or-remove-one`. */
  readonly neighbors?: Neighbors;
  /**
   * `pld`: privacy loss distributions, tight from above. `rdp`: Rényi differential privacy, looser. Default `pld`.
   */
  readonly accountant?: "pld" | "rdp";
}

/** Below this the rounding of profiles is no longer small against delta. */
const smallestDelta = 1e-14;

function directions(event: PrivacyEvent, neighbors: Neighbors): Step[][] {
  const singles = flattenEvents(event).map(({ event: single, times }) => ({
    profiles: eventProfiles(single, neighbors),
    times,
  }));
  const removal = singles.map(({ profiles, times }) => ({ profile: profiles.removal, times }));
  if (singles.every(({ profiles }) => profiles.removal === profiles.addition)) return [removal];
  return [removal, singles.map(({ profiles, times }) => ({ profile: profiles.addition, times }))];
}

/**
 * The epsilon that holds for everything that was done to the data, with probability `1 - delta` of no worse.
 *
 * @param event what was done, compositions by `composed` and `repeated`
 * @param options.delta from 1e-14 to below 1; choose it well below one over the number of people
 * @returns at least 0; infinity when no epsilon holds
 * @throws DeepwrightError `INVALID_ARGUMENT`, and `UNSUPPORTED_EVENT` for what the accountant can't judge
 * @example
 * ```ts
 * const step = { kind: "poisson-sampled", probability: 0.01, event: { kind: "gaussian", noiseMultiplier: 1 } } as const;
 * const epsilon = epsilonOf({ kind: "repeated", times: 1000, event: step }, { delta: 1e-5 });
 * console.log(epsilon.toFixed(2)); // 1.83
 * ```
 */
export function epsilonOf(event: PrivacyEvent, options: AccountingOptions & { readonly delta: number }): number {
  const { neighbors = "add-or-remove-one", accountant = "pld" } = options;
  const delta = requireOpenProbability("delta", options.delta);
  if (delta < smallestDelta) {
    throw new DeepwrightError({
      code: "INVALID_ARGUMENT",
      expected: `delta to be at least ${smallestDelta}`,
      got: String(delta),
      todo: "Use a larger delta; the numbers of a computer hold no more digits.",
    });
  }
  if (accountant === "rdp") return epsilonOfRenyi(renyiDivergences(event, neighbors), delta);
  return Math.max(...directions(event, neighbors).map((steps) => epsilonOfSteps(steps, delta)));
}

/**
 * The delta that holds at a given epsilon, by privacy loss distributions.
 *
 * @param options.epsilon at least 0
 * @throws DeepwrightError `INVALID_ARGUMENT`, `UNSUPPORTED_EVENT`
 */
export function deltaOf(
  event: PrivacyEvent,
  options: { readonly epsilon: number; readonly neighbors?: Neighbors },
): number {
  const { neighbors = "add-or-remove-one", epsilon } = options;
  if (!(epsilon >= 0 && Number.isFinite(epsilon))) {
    throw new DeepwrightError({
      code: "INVALID_ARGUMENT",
      expected: "epsilon to be a finite number of at least 0",
      got: String(epsilon),
      todo: "Pass epsilon within its range.",
    });
  }
  return Math.max(...directions(event, neighbors).map((steps) => deltaOfSteps(steps, epsilon)));
}
