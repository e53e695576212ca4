import { type Rng, seededRng } from "@deepwright/core";
import { clopperPearsonInterval } from "@deepwright/stats";
import { describe, expect, it } from "vitest";
import type { Oracle, Outcome } from "./oracle.js";
import { settle } from "./settle.js";
import type { Settlement } from "./settlement.js";

/** A made-up pipeline: the mean of the metric for each set of reverted units; A is 0, B is 1. */
interface World {
  readonly units: number;
  readonly causes: readonly number[];
  readonly mean: (reverted: ReadonlySet<number>) => number;
  readonly noise: number;
  readonly recordedLoss?: number;
  /** Rank of the units; default: a random order. */
  readonly weights?: readonly number[];
  readonly fails?: (reverted: ReadonlySet<number>) => boolean;
  readonly draw?: (rng: Rng) => number;
}

function oracleOf(world: World, rng: Rng): Oracle {
  return {
    unitCount: world.units,
    evaluate: async (reverted): Promise<Outcome> => {
      const set = new Set(reverted);
      if (world.fails?.(set)) return null;
      return world.mean(set) + world.noise * (world.draw?.(rng) ?? rng.normal());
    },
  };
}

async function run(world: World, seed: number, maxRuns = 80): Promise<Settlement> {
  const rng = seededRng(seed);
  return settle({
    oracle: oracleOf(world, rng.fork("noise")),
    weights: world.weights ?? Array.from({ length: world.units }, () => rng.uniform()),
    recordedLoss: world.recordedLoss ?? 1,
    rng: rng.fork("perturbation"),
    maxRuns,
  });
}

async function simulate(trials: number, make: (rng: Rng) => World) {
  let right = 0;
  let wrong = 0;
  let runs = 0;
  for (let trial = 0; trial < trials; trial++) {
    const world = make(seededRng(trial).fork("world"));
    const settlement = await run(world, trial);
    runs += settlement.runsUsed;
    if (settlement.causes.length === 0) continue;
    const same =
      settlement.causes
        .flat()
        .sort((a, b) => a - b)
        .join() === [...world.causes].sort((a, b) => a - b).join();
    if (same) right += 1;
    else wrong += 1;
  }
  return { right, wrong, trials, meanRuns: runs / trials };
}

/** The error rate is at most 5 % as far as the trials can tell. */
const withinErrorRate = (wrong: number, trials: number) => clopperPearsonInterval(wrong, trials, 0.99).low <= 0.05;

const pick = (rng: Rng, units: number, count: number) =>
  rng.shuffle(Array.from({ length: units }, (_, unit) => unit)).slice(0, count);

const worlds: Record<string, (rng: Rng) => World> = {
  "one cause": (rng) => {
    const causes = pick(rng, 25, 1);
    return { units: 25, causes, noise: 0.08, mean: (set) => (set.has(causes[0] as number) ? 0 : 1) };
  },
  "one cause, much noise": (rng) => {
    const causes = pick(rng, 25, 1);
    return { units: 25, causes, noise: 0.35, mean: (set) => (set.has(causes[0] as number) ? 0 : 1) };
  },
  "a pair, each of which is enough": (rng) => {
    const causes = pick(rng, 25, 2);
    return { units: 25, causes, noise: 0.08, mean: (set) => (causes.every((cause) => set.has(cause)) ? 0 : 1) };
  },
  "two parts of the gap": (rng) => {
    const causes = pick(rng, 25, 2);
    return { units: 25, causes, noise: 0.05, mean: (set) => 1 - causes.filter((cause) => set.has(cause)).length / 2 };
  },
  "three parts of the gap": (rng) => {
    const causes = pick(rng, 20, 3);
    const parts = [0.4, 0.3, 0.3];
    const mean = (set: ReadonlySet<number>) =>
      1 - causes.reduce((sum, cause, index) => sum + (set.has(cause) ? (parts[index] as number) : 0), 0);
    return { units: 20, causes, noise: 0.03, mean };
  },
  "a mask: reverting one other thing alone makes it worse": (rng) => {
    const [cause, mask] = pick(rng, 25, 2) as [number, number];
    const mean = (set: ReadonlySet<number>) => (set.has(cause) ? 0 : set.has(mask) ? 1.6 : 1);
    return { units: 25, causes: [cause], noise: 0.08, mean };
  },
  "one cause, units that do not run without each other": (rng) => {
    const [cause, first, second] = pick(rng, 25, 3) as [number, number, number];
    return {
      units: 25,
      causes: [cause],
      noise: 0.08,
      mean: (set) => (set.has(cause) ? 0 : 1),
      fails: (set) => set.has(first) !== set.has(second),
    };
  },
  "heavy tails": (rng) => {
    const causes = pick(rng, 25, 1);
    // Student t with 3 degrees of freedom.
    const draw = (source: Rng) => {
      const squares = source.normal() ** 2 + source.normal() ** 2 + source.normal() ** 2;
      return source.normal() / Math.sqrt(squares / 3);
    };
    return { units: 25, causes, noise: 0.1, draw, mean: (set) => (set.has(causes[0] as number) ? 0 : 1) };
  },
};

describe("settle", () => {
  it.each(Object.entries(worlds))("finds %s", async (name, make) => {
    const outcome = await simulate(300, make);
    expect(withinErrorRate(outcome.wrong, outcome.trials)).toBe(true);
    // Where the noise is a third of the gap, more is left undecided than a budget of 80 re-runs can settle.
    expect(outcome.right / outcome.trials).toBeGreaterThan(name.includes("much noise") ? 0.6 : 0.9);
    if (name === "one cause") expect(outcome.meanRuns).toBeLessThan(20);
  });

  it("names a cause of pure noise no more often than it says", async () => {
    const outcome = await simulate(2000, (rng) => ({
      units: 25,
      causes: [],
      noise: 1,
      mean: () => 0,
      recordedLoss: 1 + rng.uniform(),
    }));
    expect(withinErrorRate(outcome.wrong, outcome.trials)).toBe(true);
  });

  it.each([
    ["a loss that equal runs show too", 0.3, "noise"],
    ["a loss beyond what equal runs show", 5, "not-reproduced"],
    ["no loss", -0.1, "noise"],
  ] as const)("says of runs between which nothing can be reverted: %s", async (_, recordedLoss, verdict) => {
    const world: World = { units: 0, causes: [], mean: () => 1, noise: 0.2, recordedLoss };
    const settlement = await run(world, 3);
    expect(settlement).toMatchObject({ verdict, causes: [] });
    expect(settlement.runsUsed).toBeLessThanOrEqual(4);
  });

  it("keeps its error rate where a cause restores a little less than half", async () => {
    // Reverting the top unit restores a little less than half: claim 1 is false at its boundary.
    const outcome = await simulate(2000, () => ({
      units: 2,
      causes: [0, 1],
      noise: 0.1,
      weights: [2, 1],
      mean: (set) => 1 - (set.has(0) ? 0.499 : 0) - (set.has(1) ? 0.08 : 0) - (set.has(0) && set.has(1) ? 0.421 : 0),
    }));
    expect(withinErrorRate(outcome.wrong, outcome.trials)).toBe(true);
  });

  it("keeps its error rate where every combination has a value of its own, without noise", async () => {
    const outcome = await simulate(500, (rng) => {
      const salt = rng.integer(1e6);
      const mean = (set: ReadonlySet<number>) =>
        seededRng(salt)
          .fork([...set].sort().join())
          .normal();
      return { units: 25, causes: [], noise: 0, mean, recordedLoss: 1 };
    });
    expect(withinErrorRate(outcome.wrong, outcome.trials)).toBe(true);
  });

  it("finds the causes of a pipeline without noise that small changes throw about", async () => {
    const outcome = await simulate(300, (rng) => {
      const salt = rng.integer(1e6);
      const causes = pick(rng, 25, 1 + rng.integer(2));
      const mean = (set: ReadonlySet<number>) =>
        0.05 *
          seededRng(salt)
            .fork([...set].sort().join())
            .normal() +
        (causes.every((c) => set.has(c)) ? 0 : 1);
      return { units: 25, causes, noise: 0, mean, recordedLoss: 1 };
    });
    expect(withinErrorRate(outcome.wrong, outcome.trials)).toBe(true);
    expect(outcome.right / outcome.trials).toBeGreaterThan(0.9);
  });
});
