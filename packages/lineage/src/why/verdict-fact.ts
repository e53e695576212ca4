import {
  componentNameSchema,
  type JsonValue,
  leafSchema,
  parseJson,
  type RunId,
  registerFactSchema,
  stringifyJson,
} from "@deepwright/core";
import { z } from "zod";
import type { RunService, WhyReport } from "../contract/index.js";

const differenceSchema = z.object({
  id: z.string(),
  kind: z.enum([
    "source-hunk",
    "source-file",
    "configuration",
    "argument",
    "environment",
    "package",
    "platform",
    "hardware",
    "data",
    "model",
  ]),
  component: componentNameSchema,
  path: z.string(),
  title: z.string(),
  before: leafSchema.optional(),
  after: leafSchema.optional(),
  hunk: z
    .object({
      file: z.string(),
      beforeStart: z.number(),
      beforeLines: z.array(z.string()),
      afterStart: z.number(),
      afterLines: z.array(z.string()),
      context: z.string(),
      cosmetic: z.boolean(),
    })
    .optional(),
  renamedFrom: z.string().optional(),
  dataVerdict: z
    .enum(["same-rows-other-order", "other-rows", "other-columns", "same-content-elsewhere", "unknown"])
    .optional(),
  parts: z.array(z.string()).optional(),
  consequence: z.boolean(),
  seed: z.boolean(),
});

/** NaN and infinities are values of metrics. */
const number = z.union([z.number(), z.nan(), z.literal(Number.POSITIVE_INFINITY), z.literal(Number.NEGATIVE_INFINITY)]);
const interval = { estimate: number, low: number, high: number };

const causeSchema = z.object({
  difference: differenceSchema,
  score: z.number().min(0).max(1),
  evidence: z.array(
    z.object({
      kind: z.enum(["history", "reach", "mechanism", "prior", "proof"]),
      sentence: z.string(),
      weight: number,
      effect: z.object({ ...interval, runs: z.number() }).optional(),
    }),
  ),
});

const judgedSchema = z.object({ difference: differenceSchema, reason: z.string() });

const proofSchema = z.object({
  verdict: z.enum(["proven", "interaction", "noise", "not-reproduced", "undecided"]),
  causes: z.array(differenceSchema),
  restored: z.object(interval).nullable(),
  errorRate: z.number(),
  runsUsed: z.number(),
  differenceCount: z.number(),
  notRevertible: z.array(judgedSchema),
  steps: z.array(
    z.object({
      reverted: z.array(z.string()),
      runIds: z.array(z.string()),
      values: z.array(number),
      decision: z.enum(["restored", "not-restored", "partly", "undecided", "failed"]),
    }),
  ),
  sentence: z.string(),
});

/** Body of the fact `why.verdict` on a run: the report, with at most 50 causes and 50 excluded differences. */
export const whyVerdictSchema = z.object({
  runId: z.string(),
  baselineId: z.string(),
  baselineReason: z.string(),
  objective: z.object({ metric: z.string(), direction: z.enum(["minimize", "maximize"]) }),
  worse: z.object({
    worse: z.enum(["yes", "no", "cannot-tell"]),
    before: number,
    after: number,
    loss: number,
    noise: z.object({ standardDeviation: number, runs: z.number() }).nullable(),
    pValue: z.number().nullable(),
    sentence: z.string(),
  }),
  causes: z.array(causeSchema),
  excluded: z.array(judgedSchema),
  equalCount: z.number(),
  sentence: z.string(),
  proof: proofSchema.nullable(),
});

/** Kind of the fact that holds a report. */
export const whyVerdictKind = "why.verdict";
registerFactSchema(whyVerdictKind, whyVerdictSchema);

const kept = 50;

/** Stores a report against its run, for good; the newest one counts. */
export async function recordVerdict(service: Pick<RunService, "recordFact">, report: WhyReport): Promise<void> {
  const shortened = { ...report, causes: report.causes.slice(0, kept), excluded: report.excluded.slice(0, kept) };
  await service.recordFact({
    entityKind: "run",
    entityId: report.runId,
    kind: whyVerdictKind,
    // Through text, which leaves out what is undefined.
    body: parseJson<JsonValue>(stringifyJson(shortened)),
    expiresAtMs: null,
  });
}

/** The newest stored report of a run, with the given baseline when one is named. */
export async function readVerdict(
  service: Pick<RunService, "facts">,
  runId: RunId,
  baselineId?: RunId,
): Promise<WhyReport | null> {
  const facts = await service.facts({ entityKind: "run", entityId: runId, kind: whyVerdictKind });
  for (const fact of facts) {
    const report = fact.body as unknown as WhyReport;
    if (baselineId === undefined || report.baselineId === baselineId) return report;
  }
  return null;
}
