import type { Neighbors, PrivacyEvent } from "./event.js";
import { jointNoiseMultiplier, type SingleEvent, unsupportedEvent } from "./flatten.js";
import {
  discreteGaussianProfile,
  discreteLaplaceProfile,
  gaussianProfile,
  guaranteeProfile,
  laplaceProfile,
  type Profile,
  sampledAddition,
  sampledRemoval,
  sampledReplacement,
} from "./profile.js";

/** The profiles of an event, one for each direction that has to hold; both are the same function where they agree. */
export interface EventProfiles {
  /** The data with the person against the data without. */
  readonly removal: Profile;
  /** The other way round. */
  readonly addition: Profile;
}

const both = (profile: Profile): EventProfiles => ({ removal: profile, addition: profile });

/** @throws DeepwrightError `UNSUPPORTED_EVENT` */
export function eventProfiles(event: SingleEvent, neighbors: Neighbors): EventProfiles {
  // Replacing takes one contribution away and puts another one in: twice the distance.
  const distance = neighbors === "replace-one" ? 2 : 1;
  switch (event.kind) {
    case "gaussian":
      return both(gaussianProfile(event.noiseMultiplier / distance));
    case "laplace":
      return both(laplaceProfile(event.noiseMultiplier / distance));
    case "discrete-laplace":
      return both(discreteLaplaceProfile(event.scale, event.sensitivity * distance));
    case "discrete-gaussian":
      return both(discreteGaussianProfile(event.sigma, event.sensitivity * distance));
    case "epsilon-delta":
      return both(groupGuarantee(event.epsilon, event.delta, distance));
    case "poisson-sampled":
      return poissonProfiles(event, neighbors);
    case "fixed-batch":
      return fixedBatchProfiles(event, neighbors);
    case "zero-concentrated":
      throw unsupportedEvent(
        event,
        "an event whose privacy loss distribution is known",
        'Use the accountant "rdp", which takes zero-concentrated privacy as it is.',
      );
  }
}

/** Two steps of a guarantee: (2 epsilon, (1 + exp(epsilon)) delta). */
function groupGuarantee(epsilon: number, delta: number, distance: number): Profile {
  if (distance === 1) return guaranteeProfile(epsilon, delta);
  return guaranteeProfile(2 * epsilon, Math.min(1, delta * (1 + Math.exp(epsilon))));
}

/** Noise whose profile is the same both ways, under add-or-remove neighbors. */
function baseProfile(event: PrivacyEvent, distance: number): Profile | null {
  if (event.kind === "laplace") return laplaceProfile(event.noiseMultiplier / distance);
  if (event.kind === "discrete-laplace") return discreteLaplaceProfile(event.scale, event.sensitivity * distance);
  if (event.kind === "discrete-gaussian") return discreteGaussianProfile(event.sigma, event.sensitivity * distance);
  const joint = jointNoiseMultiplier(event);
  return joint === null ? null : gaussianProfile(joint / distance);
}

function poissonProfiles(
  event: Extract<SingleEvent, { kind: "poisson-sampled" }>,
  neighbors: Neighbors,
): EventProfiles {
  const { probability } = event;
  if (neighbors === "replace-one") {
    const joint = jointNoiseMultiplier(event.event);
    if (joint === null) {
      throw unsupportedEvent(
        event,
        "Gaussian noise where a person of a Poisson sample is replaced",
        "Account for add-or-remove-one, or use Gaussian noise.",
      );
    }
    return both(sampledReplacement(joint, probability));
  }
  const base = baseProfile(event.event, 1);
  if (base === null) throw unsampled(event);
  if (probability === 1) return both(base);
  return { removal: sampledRemoval(base, probability), addition: sampledAddition(base, probability) };
}

/**
 * A batch of fixed size: who is added or removed changes the size of the source, so only replacement is defined. The
 * profile is that of removal for orders from 1 up and that of addition below (Zhu, Dong and Wang 2022, theorem 11).
 */
function fixedBatchProfiles(event: Extract<SingleEvent, { kind: "fixed-batch" }>, neighbors: Neighbors): EventProfiles {
  if (neighbors !== "replace-one") {
    throw unsupportedEvent(
      event,
      "replace-one neighbors for a batch of fixed size",
      'Pass neighbors: "replace-one", or draw the batch by Poisson sampling.',
    );
  }
  const base = baseProfile(event.event, 2);
  if (base === null) throw unsampled(event);
  const share = event.batchSize / event.sourceSize;
  if (share === 1) return both(base);
  const above = sampledRemoval(base, share);
  const below = sampledAddition(base, share);
  return both((epsilon) => (epsilon >= 0 ? above(epsilon) : below(epsilon)));
}

const unsampled = (event: SingleEvent): Error =>
  unsupportedEvent(
    event,
    "Gaussian, Laplace, discrete Laplace or discrete Gaussian noise (or several Gaussian ones) inside the sampling",
    "Account for it without the sampling, which is an upper bound.",
  );
