import type { ProofStep } from "@deepwright/lineage";
import type { EstResult } from "../run-est.js";
import { type Strip, stripPlot } from "./strip-plot.js";

/** The recorded runs before and after the refactoring. */
export function metricPlot({ runs, report }: EstResult): string {
  const { metric } = report.objective;
  const strips = (["before", "after"] as const).map((version): Strip => {
    const values = runs.filter((run) => run.version === version).map((run) => run.metrics[metric] ?? Number.NaN);
    return {
      label: `${version} the refactoring (${values.length} seeds)`,
      values,
      tone: version === "before" ? "good" : "bad",
    };
  });
  return stripPlot(`${metric} of the recorded runs, each with its own seed`, strips, " %");
}

/** The re-runs of the proof by what was reverted in them. */
export function proofPlot({ proof, report }: EstResult): string {
  const groups = new Map<string, { label: string; values: number[] }>();
  for (const step of proof.steps) {
    const label = describeSet(
      step,
      proof.causes.map(({ id }) => id),
    );
    const known = groups.get(label) ?? { label, values: [] };
    known.values.push(...step.values);
    groups.set(label, known);
  }
  const middle = (report.worse.before + report.worse.after) / 2;
  const strips = [...groups.values()].map(({ label, values }): Strip => {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return { label, values, tone: mean < middle ? "good" : "bad" };
  });
  return stripPlot(`${report.objective.metric} of the re-runs, by what was reverted`, strips, " %");
}

/** What a step reverted, in words. */
export function describeSet({ reverted }: Pick<ProofStep, "reverted">, causeIds: readonly string[]): string {
  const set = new Set(reverted);
  const holdsCauses = causeIds.length > 0 && causeIds.every((id) => set.has(id));
  const holdsNone = causeIds.every((id) => !set.has(id));
  if (set.size === 0) return "nothing";
  if (holdsCauses && set.size === causeIds.length) return "the cause alone";
  if (holdsCauses) return `the cause and ${set.size - causeIds.length} others`;
  return holdsNone && causeIds.length > 0 ? `${set.size} others, not the cause` : `${set.size} differences`;
}
