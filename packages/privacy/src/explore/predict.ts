import type { PrivacyEvent } from "../accounting/event.js";
import { requirePositive } from "../arguments.js";
import { toNumber } from "../random/rational.js";
import type { AnswerValue } from "../sql/answer.js";
import type { PlannedAnswer, QueryPlan } from "../sql/plan.js";

/** What one person can do to an answer, and the noise that hides it. Integers, in steps of the column (rows: see README). */
export interface SensitivityStatement {
  readonly answer: string;
  readonly measure: string;
  /** By how much adding or removing one person moves the integer of one group at most. */
  readonly perGroup: number;
  /** In how many groups at most. */
  readonly groups: number;
  /** Scale of the discrete Laplace noise. */
  readonly noiseScale: number;
}

export interface Prediction {
  readonly event: PrivacyEvent;
  /** Half the width of each answer's interval; for quantiles and histograms, of each entry. */
  readonly errors: Readonly<Record<string, number | readonly number[]>>;
  /** Imagined rows of a group: errors of means, variances and quantiles depend on them. */
  readonly rows: number;
  readonly sensitivities: readonly SensitivityStatement[];
  readonly confidence: number;
  /** For groups without known keys: noisy people that a group needs to be named. */
  readonly threshold: number | null;
  /** State of each budget after the query. */
  readonly budgets: readonly { readonly budget: string; readonly epsilonAfter: number; readonly allowed: boolean }[];
  /** Whether all budgets can bear it now. */
  readonly allowed: boolean;
}

function halfWidths(value: AnswerValue): number | readonly number[] {
  return "low" in value ? (value.high - value.low) / 2 : value.map(({ low, high }) => (high - low) / 2);
}

/** Error bars from an imagined group, by the code that makes them of a real one. */
export function predictPlan(
  plan: QueryPlan,
  options: { readonly confidence: number; readonly rows: number | undefined },
): Omit<Prediction, "budgets" | "allowed"> {
  const { confidence } = options;
  const [first] = plan.dataSets;
  const spread = (first?.dataSet.people ?? 1) / (plan.groups.known?.length ?? 1);
  const rows = requirePositive("rows", options.rows ?? spread);
  const { groupsPerPerson: groups } = plan;
  const scalesOf = ({ totals, bins }: PlannedAnswer, size: number): number[] =>
    bins === null
      ? totals.map((index) => toNumber(plan.totals[index]?.noise.scale ?? { numerator: 1n, denominator: 1n }))
      : Array.from({ length: size }, () =>
          toNumber(plan.bins[bins]?.noise.scale ?? { numerator: 1n, denominator: 1n }),
        );
  const errors = plan.answers.map((answer) => {
    const numbers = answer.plan.imagine(rows);
    const finished = answer.plan.finish({ numbers, scales: scalesOf(answer, numbers.length) }, confidence);
    return [answer.name, halfWidths(finished)] as const;
  });
  const sensitivities = plan.answers.flatMap(({ name, totals, bins }): SensitivityStatement[] => {
    const planned = bins === null ? totals.map((index) => plan.totals[index]) : [plan.bins[bins]];
    return planned.flatMap((each) =>
      each === undefined
        ? []
        : [
            {
              answer: name,
              measure: "measure" in each ? each.measure.kind : "bins",
              perGroup: each.sensitivity,
              groups,
              noiseScale: toNumber(each.noise.scale),
            },
          ],
    );
  });
  const threshold = plan.groups.threshold === null ? null : Number(plan.groups.threshold.least);
  return { event: plan.event, errors: Object.fromEntries(errors), rows, sensitivities, confidence, threshold };
}
