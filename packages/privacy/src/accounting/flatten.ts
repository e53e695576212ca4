import { DeepwrightError } from "@deepwright/core";
import { requireInteger, requirePositive, requireSamplingProbability } from "../arguments.js";
import type { PrivacyEvent } from "./event.js";

/** An event that is no composition. */
export type SingleEvent = Exclude<PrivacyEvent, { kind: "composed" | "repeated" }>;

/** An event that an accountant can't judge is named, never guessed at. */
export function unsupportedEvent(event: PrivacyEvent, why: string, todo: string): DeepwrightError {
  return new DeepwrightError({
    code: "UNSUPPORTED_EVENT",
    expected: why,
    got: JSON.stringify(event),
    todo,
  });
}

/** Checks the numbers of an event. */
function check(event: SingleEvent): void {
  switch (event.kind) {
    case "gaussian":
    case "laplace":
      requirePositive("noiseMultiplier", event.noiseMultiplier);
      return;
    case "discrete-laplace":
      requirePositive("scale", event.scale, 1e6);
      requireInteger("sensitivity", event.sensitivity, 1);
      return;
    case "discrete-gaussian":
      requirePositive("sigma", event.sigma, 1e6);
      requireInteger("sensitivity", event.sensitivity, 1);
      return;
    case "epsilon-delta":
      requirePositive("epsilon", event.epsilon);
      if (!(event.delta >= 0 && event.delta < 1)) {
        throw unsupportedEvent(event, "delta to be at least 0 and below 1", "Correct the event.");
      }
      return;
    case "zero-concentrated":
      requirePositive("rho", event.rho);
      return;
    case "poisson-sampled":
      requireSamplingProbability("probability", event.probability);
      return;
    case "fixed-batch":
      requireInteger("batchSize", event.batchSize, 1);
      requireInteger("sourceSize", event.sourceSize, event.batchSize);
      return;
    default: {
      const unknown: never = event;
      throw unsupportedEvent(unknown, "a kind of event that this version knows", "Update @deepwright/privacy.");
    }
  }
}

/**
 * The single events of a composition with how often each comes; equal ones are counted together.
 *
 * @throws DeepwrightError `INVALID_ARGUMENT`, `UNSUPPORTED_EVENT`
 */
export function flattenEvents(event: PrivacyEvent): { readonly event: SingleEvent; readonly times: number }[] {
  const found = new Map<string, { event: SingleEvent; times: number }>();
  const visit = (one: PrivacyEvent, times: number): void => {
    if (one.kind === "composed") {
      for (const part of one.events) visit(part, times);
    } else if (one.kind === "repeated") {
      visit(one.event, times * requireInteger("times", one.times, 0));
    } else if (times > 0) {
      check(one);
      const key = JSON.stringify(one);
      const known = found.get(key);
      if (known) known.times += times;
      else found.set(key, { event: one, times });
    }
  };
  visit(event, 1);
  return [...found.values()];
}

/**
 * Several Gaussian mechanisms on the same people at once are one: the inverse squares of the noise multipliers add up.
 *
 * @returns the noise multiplier, or `null` when something else is in it
 */
export function jointNoiseMultiplier(event: PrivacyEvent): number | null {
  let precision = 0;
  for (const { event: single, times } of flattenEvents(event)) {
    if (single.kind !== "gaussian") return null;
    precision += times / single.noiseMultiplier ** 2;
  }
  return precision > 0 ? 1 / Math.sqrt(precision) : null;
}
