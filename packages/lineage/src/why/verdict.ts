import { mean } from "@deepwright/stats";
import type { Objective, WorseVerdict } from "../contract/index.js";
import type { BaselineChoice } from "./baseline.js";
import { formatMetric } from "./format-metric.js";
import type { HistoryRun } from "./history.js";
import type { RunNoise } from "./worse.js";

/** p-value below which a loss between runs that differ only by seed is taken as something that was not recorded. */
const unrecordedLevel = 0.001;

export interface VerdictInput {
  readonly objective: Objective;
  readonly subject: HistoryRun;
  readonly choice: BaselineChoice;
  readonly noise: RunNoise | null;
  /** Differences that could be causes. */
  readonly candidateCount: number;
}

/** Whether the run is worse than its baseline by more than runs differ from each other anyhow. */
export function worseVerdict({ objective, subject, choice, noise, candidateCount }: VerdictInput): WorseVerdict {
  const { metric } = objective;
  const { baseline, group, pValue } = choice;
  const before = baseline.run.metrics[metric]?.last ?? Number.NaN;
  const after = subject.run.metrics[metric]?.last ?? Number.NaN;
  const loss = subject.badness - baseline.badness;
  const shared = {
    before,
    after,
    loss,
    noise: noise && { standardDeviation: noise.standardDeviation, runs: noise.runs },
    pValue,
  };
  const values = group.map((run) => run.badness).filter(Number.isFinite);
  const gap = Number.isFinite(subject.badness) && values.length > 0 ? subject.badness - mean(values) : loss;
  const change = `${metric} ${formatMetric(before)} -> ${formatMetric(after)}`;
  const noiseText =
    noise === null
      ? ""
      : noise.source === "repeats"
        ? `runs that differ only by seed vary by ${formatMetric(noise.standardDeviation)} (standard deviation, ${noise.runs} runs)`
        : `all ${noise.runs} earlier runs of the task, which differ in other things too, vary by ${formatMetric(noise.standardDeviation)} (standard deviation)`;
  const verdict = (worse: WorseVerdict["worse"], sentence: string): WorseVerdict => ({ worse, ...shared, sentence });
  if (!Number.isFinite(subject.badness) && Number.isFinite(baseline.badness)) {
    return verdict("yes", `It is worse: ${change}, the run diverged.`);
  }
  if (!(loss > 0) || !(gap > 0)) return verdict("no", `It is not worse: ${change}.`);
  if (candidateCount === 0 && !(pValue !== null && noise?.source === "repeats" && pValue <= unrecordedLevel)) {
    return verdict(
      "no",
      `It is noise: ${change}, and nothing differs that could cause it${noiseText && `; ${noiseText}`}.`,
    );
  }
  if (pValue === null) {
    return verdict(
      "cannot-tell",
      `Whether it is worse can't be told: ${change}, but no runs are equal but for their seed, so the noise is not known.`,
    );
  }
  const level = candidateCount === 0 ? unrecordedLevel : choice.alpha;
  if (pValue <= level) return verdict("yes", `It is worse: ${change}; ${noiseText} (p ${formatP(pValue)}).`);
  if (noise?.source === "history" || (noise?.degreesOfFreedom ?? 0) < 3) {
    return verdict("cannot-tell", `Whether it is worse can't be told: ${change}; ${noiseText} (p ${formatP(pValue)}).`);
  }
  return verdict("no", `It is not worse by more than noise: ${change}; ${noiseText} (p ${formatP(pValue)}).`);
}

const formatP = (value: number): string => (value < 1e-4 ? "< 0.0001" : `= ${value.toFixed(value < 0.01 ? 4 : 2)}`);
