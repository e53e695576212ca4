import { DeepwrightError } from "@deepwright/core";
import type { DataSource, QueryEngine } from "@deepwright/engines";
import { clopperPearsonInterval } from "@deepwright/stats";
import { type Profile, profile } from "../profile/profile.js";
import { argumentInvalid } from "../sql/open-table.js";
import { checkSuite, type Suite } from "../suite/suite.js";
import { margins, type ProposedRule, proposeRules } from "./propose.js";

export interface InferOptions {
  readonly name: string;
  /** Greatest fraction of held-out versions that a kept rule may have been wrong about, 0 .. 1. Default: 0.01. */
  readonly falseAlarmRate?: number;
  /** Whether later versions are tested by earlier ones only, or each fold by all others. Default: `time`. */
  readonly order?: "time" | "none";
  /** At least 2. Default: 5. */
  readonly folds?: number;
  readonly signal?: AbortSignal;
}

/** What speaks for a rule. */
export interface RuleEvidence {
  readonly name: string;
  readonly kept: boolean;
  /** Margin beyond the extremes, as a multiple of their distance from the median. */
  readonly margin: number;
  /** Held-out versions that it was tested on, and those that it was wrong about. */
  readonly trials: number;
  readonly falseAlarms: number;
  /**
   * The false-alarm rate is at most this with 95 % confidence, for versions that are independent and a margin that had been chosen
   * beforehand: Clopper and Pearson (1934, Biometrika 26).
   */
  readonly rateAtMost: number;
}

export interface InferredSuite {
  readonly suite: Suite;
  readonly evidence: readonly RuleEvidence[];
}

/**
 * A suite from versions of the data that are known to be good. Rules are proposed on some versions and tested on others; of each
 * rule the smallest margin is kept that was wrong about no more than `falseAlarmRate` of the held-out versions, and none where none is.
 * The rules that are kept are then bounded by all versions. Few versions prove little: `rateAtMost` says how much.
 *
 * @param sources good versions, the oldest first
 * @throws DeepwrightError `ARGUMENT_INVALID`, `HISTORY_TOO_SHORT`, or of the engine
 */
export async function inferSuite(
  engine: QueryEngine,
  sources: readonly DataSource[],
  options: InferOptions,
): Promise<InferredSuite> {
  const profiles: Profile[] = [];
  for (const source of sources) {
    profiles.push(await profile(engine, source, options.signal ? { signal: options.signal } : {}));
  }
  return suiteOfProfiles(profiles, options);
}

/** What {@link inferSuite} does once the versions are profiled. */
function suiteOfProfiles(profiles: readonly Profile[], options: InferOptions): InferredSuite {
  const { falseAlarmRate = 0.01, folds = 5, order = "time" } = options;
  if (!(falseAlarmRate >= 0 && falseAlarmRate <= 1)) {
    throw argumentInvalid("falseAlarmRate from 0 to 1", String(falseAlarmRate), "Give a fraction.");
  }
  if (!Number.isSafeInteger(folds) || folds < 2) {
    throw argumentInvalid("folds to be a whole number of at least 2", String(folds), "Give another number.");
  }
  const good = profiles.filter(({ rowCount }) => rowCount > 0);
  if (good.length < 2 * folds) throw tooShort(good.length, 2 * folds);
  const evidence = new Map<string, RuleEvidence>();
  const expectations = [];
  const splits = splitsOf(good, folds, order);
  const byMargin = margins.map((margin) => ({ margin, counts: crossValidate(splits, margin) }));
  const final = new Map(margins.map((margin) => [margin, proposeRules(good, margin)]));
  for (const { name } of final.get(margins[0]) ?? []) {
    const tried = byMargin.map(({ margin, counts }) => evidenceOf(name, margin, counts.get(name), falseAlarmRate));
    const chosen = tried.find(({ kept }) => kept) ?? tried.at(-1);
    if (chosen === undefined) continue;
    evidence.set(name, chosen);
    const rule = final.get(chosen.margin as (typeof margins)[number])?.find((each) => each.name === name);
    if (chosen.kept && rule !== undefined) expectations.push(withReason(rule, chosen));
  }
  if (expectations.length === 0) throw tooShort(good.length, 2 * folds);
  return { suite: checkSuite({ name: options.name, expectations }), evidence: [...evidence.values()] };
}

interface Split {
  readonly known: readonly Profile[];
  readonly heldOut: readonly Profile[];
}

function splitsOf(profiles: readonly Profile[], folds: number, order: "time" | "none"): readonly Split[] {
  // By time, the first half only teaches.
  const start = order === "time" ? Math.floor(profiles.length / 2) : 0;
  const size = (profiles.length - start) / folds;
  return Array.from({ length: folds }, (_, fold) => {
    const from = start + Math.floor(fold * size);
    const to = start + Math.floor((fold + 1) * size);
    const before = profiles.slice(0, from);
    return {
      known: order === "time" ? before : [...before, ...profiles.slice(to)],
      heldOut: profiles.slice(from, to),
    };
  });
}

interface Counts {
  trials: number;
  falseAlarms: number;
}

function crossValidate(splits: readonly Split[], margin: number): ReadonlyMap<string, Counts> {
  const counts = new Map<string, Counts>();
  for (const { known, heldOut } of splits) {
    for (const rule of proposeRules(known, margin)) {
      const count = counts.get(rule.name) ?? { trials: 0, falseAlarms: 0 };
      count.trials += heldOut.length;
      count.falseAlarms += heldOut.filter((each) => !rule.holds(each)).length;
      counts.set(rule.name, count);
    }
  }
  return counts;
}

function evidenceOf(name: string, margin: number, counts: Counts | undefined, rate: number): RuleEvidence {
  const { trials, falseAlarms } = counts ?? { trials: 0, falseAlarms: 0 };
  return {
    name,
    margin,
    trials,
    falseAlarms,
    kept: trials > 0 && falseAlarms <= rate * trials,
    // One-sided 95 % is the upper end of the two-sided 90 %.
    rateAtMost: trials === 0 ? 1 : clopperPearsonInterval(falseAlarms, trials, 0.9).high,
  };
}

function withReason({ expectation }: ProposedRule, { trials, falseAlarms, rateAtMost }: RuleEvidence): object {
  const percent = Number((rateAtMost * 100).toPrecision(2));
  const because = `inferred: ${falseAlarms} false alarms on ${trials} held-out versions, at most ${percent} % with 95 % confidence`;
  return { ...expectation, because };
}

function tooShort(got: number, wanted: number): DeepwrightError {
  return new DeepwrightError({
    code: "HISTORY_TOO_SHORT",
    kind: "conflict",
    expected: `at least ${wanted} good versions with rows to infer rules from, and rules that hold for all`,
    got: `${got}`,
    todo: "Give more versions, such as days, or fewer folds.",
  });
}
