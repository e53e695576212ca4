import { type Clock, type RunId, systemClock } from "@deepwright/core";
import type { ProofReport } from "@deepwright/lineage";
import { openWorkshop, type Workshop, type WorkshopOptions } from "./workshop.js";

export interface SeedOnlyOptions extends WorkshopOptions {
  /** Pairs of runs, 1 or more. */
  readonly pairs: number;
  /**
   * What lies between the two runs of a pair beside their seeds. `nothing`: they are of one commit. `refactoring`: the
   * whole refactoring without the flipped flag, so that there are differences that can be blamed. Default `nothing`.
   */
  readonly between?: "nothing" | "refactoring";
  /** Re-runs at the same time, default 2. */
  readonly jobs?: number;
  /** Most re-runs a pair, default 20. */
  readonly maxRuns?: number;
  readonly clock?: Clock;
  /** Told after each pair. */
  readonly onPair?: (pair: SeedOnlyProof) => void;
}

export interface SeedOnlyProof {
  readonly before: RunId;
  readonly after: RunId;
  /** Whether the ranking called the second run worse. */
  readonly calledWorse: boolean;
  readonly verdict: ProofReport["verdict"];
  /** Titles of the causes that the proof named, all of them false. */
  readonly falseCauses: readonly string[];
  readonly runsUsed: number;
  readonly durationMs: number;
}

/**
 * Proves pairs of runs between which nothing matters, to see how often a cause is named all the same. Every pair has two
 * runs and two seeds of its own.
 *
 * @throws DeepwrightError as `openWorkshop` and `prove` do
 * @example
 * ```ts
 * const proofs = await proveSeedOnlyPairs({ store: "file:.deepwright", pairs: 100, small: true });
 * console.log(proofs.filter(({ falseCauses }) => falseCauses.length > 0).length); // 0
 * ```
 */
export async function proveSeedOnlyPairs(options: SeedOnlyOptions): Promise<readonly SeedOnlyProof[]> {
  const { pairs, between = "nothing", jobs, maxRuns, clock = systemClock, onPair } = options;
  const workshop = await openWorkshop(options);
  try {
    const recorded = await recordPairs(workshop, pairs, between);
    const proofs: SeedOnlyProof[] = [];
    for (const { before, after } of recorded) {
      const startMs = clock.monotonic();
      const ranking = await workshop.explain(after, before);
      const proof = await workshop.prove(ranking, {
        ...(jobs === undefined ? {} : { jobs }),
        ...(maxRuns === undefined ? {} : { maxRuns }),
      });
      const pair: SeedOnlyProof = {
        before,
        after,
        calledWorse: ranking.worse.worse === "yes",
        verdict: proof.verdict,
        falseCauses: proof.causes.map(({ title }) => title),
        runsUsed: proof.runsUsed,
        durationMs: clock.monotonic() - startMs,
      };
      proofs.push(pair);
      onPair?.(pair);
    }
    return proofs;
  } finally {
    await workshop.close({ remove: options.workdir === undefined });
  }
}

/** All runs of one version, then all of the other: seeds 1, 3, 5, ... and 2, 4, 6, ... */
async function recordPairs(workshop: Workshop, pairs: number, between: "nothing" | "refactoring") {
  const record = async (firstSeed: number): Promise<RunId[]> => {
    const ids: RunId[] = [];
    for (let pair = 0; pair < pairs; pair++) ids.push(await workshop.record(firstSeed + 2 * pair));
    return ids;
  };
  await workshop.commit("before", "Valuation 4.7.0");
  const before = await record(1);
  if (between === "refactoring") await workshop.commit("harmless", "Valuation 4.8.0 without its mistake");
  const after = await record(2);
  return before.map((id, pair) => ({ before: id, after: after[pair] as RunId }));
}
