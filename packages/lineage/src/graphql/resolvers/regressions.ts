import { type ComponentName, isDeepwrightError, type RunId, type SerializedError } from "@deepwright/core";
import type { Difference, ProofStep, RunDiff, WhyReport, WorseVerdict } from "../../contract/index.js";
import { diffRuns, storedContent } from "../../diff/index.js";
import { explainRegression } from "../../why/index.js";
import { toGlobalId } from "../base/global-id.js";
import type { LineageContext, SliceContext } from "../context.js";
import { runIdOf } from "./arguments.js";

const loadRun = ({ lineage }: SliceContext, id: RunId) => lineage.loaders.run.load(id);

const contentOption = ({ runs, sourceText }: LineageContext) =>
  sourceText === "anywhere" ? {} : { contentSource: storedContent(runs) };

/** A regression that can't be explained (no baseline, no objective) is an answer, not a failure of the request. */
async function explain(
  { lineage }: SliceContext,
  runId: string,
  baselineId: string | null | undefined,
): Promise<{ readonly report: WhyReport | null; readonly userErrors: readonly SerializedError[] }> {
  try {
    const report = await explainRegression(lineage.runs, {
      runId: runIdOf(runId),
      ...(typeof baselineId === "string" ? { vs: runIdOf(baselineId) } : {}),
      ...contentOption(lineage),
      // A query changes nothing; the command line stores its verdicts.
      store: false,
    });
    return { report, userErrors: [] };
  } catch (error) {
    if (isDeepwrightError(error) && error.kind !== "internal" && error.kind !== "unavailable") {
      return { report: null, userErrors: [error.toJSON()] };
    }
    throw error;
  }
}

export const regressionResolvers = {
  Query: {
    compareRuns: (
      _: never,
      { before, after }: { readonly before: string; readonly after: string },
      { lineage }: SliceContext,
    ) => diffRuns(lineage.runs, runIdOf(before), runIdOf(after), contentOption(lineage)),
    explainRegression: (
      _: never,
      { runId, baselineId }: { readonly runId: string; readonly baselineId?: string | null },
      context: SliceContext,
    ) => explain(context, runId, baselineId),
  },
  RunDiff: {
    before: (diff: RunDiff, _: never, context: SliceContext) => loadRun(context, diff.before),
    after: (diff: RunDiff, _: never, context: SliceContext) => loadRun(context, diff.after),
    differences: (diff: RunDiff, { components }: { readonly components?: readonly ComponentName[] | null }) =>
      components ? diff.differences.filter((item) => components.includes(item.component)) : diff.differences,
  },
  Difference: {
    key: (difference: Difference) => difference.id,
    inBefore: (difference: Difference) => difference.before !== undefined,
    inAfter: (difference: Difference) => difference.after !== undefined,
    parts: (difference: Difference) => difference.parts ?? [],
  },
  WhyReport: {
    run: (report: WhyReport, _: never, context: SliceContext) => loadRun(context, report.runId),
    baseline: (report: WhyReport, _: never, context: SliceContext) => loadRun(context, report.baselineId),
  },
  WorseVerdict: {
    noiseStandardDeviation: (verdict: WorseVerdict) => verdict.noise?.standardDeviation ?? null,
    noiseRuns: (verdict: WorseVerdict) => verdict.noise?.runs ?? null,
  },
  ProofStep: { runIds: (step: ProofStep) => step.runIds.map((id) => toGlobalId("Run", id)) },
};
