import { DeepwrightError } from "@deepwright/core";
import type { Objective, Run } from "../contract/index.js";

const lowerIsBetter =
  "rmse rmsle mse msle mae medae mape mdape smape wape mase nll loss logloss perplexity ppl error err deviance brier cer wer fid ece";
const higherIsBetter =
  "acc accuracy auc auroc auprc ap map f1 fscore precision recall r2 ndcg mrr bleu rouge iou miou dice psnr ssim score reward return kappa mcc gini lift";

/** Words of metric names that tell which way is better. */
const knownMetrics = new Map<string, Objective["direction"]>([
  ...lowerIsBetter.split(" ").map((word) => [word, "minimize"] as const),
  ...higherIsBetter.split(" ").map((word) => [word, "maximize"] as const),
]);

/** Which part of the data a metric is of: what a run is judged by comes first. */
const stages = [/^(test|holdout)/, /^(val|valid|validation|dev|eval)/, /^$/, /^train/];

const wordsOf = (metric: string): string[] =>
  metric
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "");

/** Which way is better, by the metric's name; `null` when the name does not tell. */
export function directionOf(metric: string): Objective["direction"] | null {
  // `MdAPE` is one word, `valMape` two: both readings are tried.
  const words = [...wordsOf(metric), ...wordsOf(metric.toLowerCase())];
  // The last word is the head of the name: an error score is a score, a score error is an error.
  const word = words.reverse().find((candidate) => knownMetrics.has(candidate));
  return word === undefined ? null : (knownMetrics.get(word) ?? null);
}

export interface ObjectiveChoice {
  /** Name of the metric; left out: the run's own objective, else the one metric whose name tells what it is. */
  readonly metric?: string;
  readonly direction?: Objective["direction"];
}

/**
 * The metric that a run is judged by.
 *
 * @throws DeepwrightError `METRIC_NOT_RECORDED` when the run lacks the metric, `OBJECTIVE_UNKNOWN` when neither the run
 *   nor the names of its metrics tell which one counts or which way is better
 */
export function resolveObjective(run: Run, choice: ObjectiveChoice = {}): Objective {
  const metric = choice.metric ?? run.objective?.metric ?? inferMetric(run, choice.direction);
  if (run.metrics[metric] === undefined) {
    const names = Object.keys(run.metrics);
    throw new DeepwrightError({
      code: "METRIC_NOT_RECORDED",
      kind: "not-found",
      expected: `the metric ${JSON.stringify(metric)} in run ${run.name || run.id}`,
      got: names.length > 0 ? `the metrics ${names.slice(0, 12).join(", ")}` : "a run without metrics",
      todo: "Name a metric that was recorded with --metric.",
    });
  }
  const own = run.objective?.metric === metric ? run.objective.direction : undefined;
  const direction = choice.direction ?? own ?? directionOf(metric);
  if (direction === null) throw unknownObjective(`which way ${metric} is better`, "a name that does not tell");
  return { metric, direction };
}

function inferMetric(run: Run, direction: Objective["direction"] | undefined): string {
  const known = Object.keys(run.metrics).filter((name) => directionOf(name) !== null);
  const names = known.length === 0 && direction !== undefined ? Object.keys(run.metrics) : known;
  const stageOf = (name: string): number => {
    const words = wordsOf(name);
    const stage = stages.findIndex((pattern, index) => index !== 2 && words.some((word) => pattern.test(word)));
    return stage < 0 ? 2 : stage;
  };
  const best = Math.min(...names.map(stageOf));
  const candidates = names.filter((name) => stageOf(name) === best);
  const [only] = candidates;
  if (only !== undefined && candidates.length === 1) return only;
  // Several of one stage: errors of the same kind are told apart by no rule, but a loss stands back behind a measure.
  const measures = candidates.filter((name) => !wordsOf(name).includes("loss"));
  const [measure] = measures;
  if (measure !== undefined && measures.length === 1) return measure;
  throw unknownObjective(
    "one metric that the run is judged by",
    Object.keys(run.metrics).length === 0
      ? "a run without metrics"
      : `several: ${Object.keys(run.metrics).slice(0, 12).join(", ")}`,
  );
}

const unknownObjective = (expected: string, got: string): DeepwrightError =>
  new DeepwrightError({
    code: "OBJECTIVE_UNKNOWN",
    expected,
    got,
    todo: "Say it with --metric NAME --direction minimize|maximize.",
  });

/** The metric's last value, turned so that more is worse; `undefined` when the run lacks it. NaN is worst: Infinity. */
export function badness(run: Run, objective: Objective): number | undefined {
  const value = run.metrics[objective.metric]?.last;
  if (value === undefined) return undefined;
  if (Number.isNaN(value)) return Number.POSITIVE_INFINITY;
  return objective.direction === "minimize" ? value : -value;
}
