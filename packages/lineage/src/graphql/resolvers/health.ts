import { DeepwrightError, systemClock } from "@deepwright/core";
import { type ConfigurationDebt, projectConfigurationDebt } from "../../configuration/index.js";
import type { ProjectSummary } from "../../contract/index.js";
import { defaultContentSource } from "../../diff/index.js";
import {
  type DatedEvidence,
  type ReadinessScore,
  type ReadinessTest,
  recordEvidence,
  scoreProject,
} from "../../readiness/index.js";
import { withUserErrors } from "../base/user-errors.js";
import { type LineageContext, nullWhen, type SliceContext } from "../context.js";
import { property } from "./fields.js";

function debtOf(
  { runs, sourceText }: LineageContext,
  project: string,
  count: number,
): Promise<readonly ConfigurationDebt[]> {
  if (Number.isInteger(count) && count >= 2 && count <= 200) {
    return projectConfigurationDebt(runs, {
      project,
      lastRuns: count,
      ...(sourceText === "anywhere" ? { contentSource: (newest) => defaultContentSource(runs, [newest]) } : {}),
    });
  }
  throw new DeepwrightError({
    code: "INVALID_LIMIT",
    expected: "runs from 2 to 200",
    got: String(count),
    todo: "Ask for fewer.",
  });
}

const score = (context: LineageContext, project: string): Promise<ReadinessScore> =>
  scoreProject(context, { project, nowMs: systemClock.now() });

interface EvidenceFields {
  readonly project: string;
  readonly test: string;
  readonly points: number;
  readonly passed: boolean;
  readonly summary: string;
  readonly source: string;
  readonly validDays?: number | null;
}

function checkedPoints(points: number): 0.5 | 1 {
  if (points === 0.5 || points === 1) return points;
  throw new DeepwrightError({
    code: "INVALID_EVIDENCE",
    expected: "0.5 or 1 points",
    got: String(points),
    todo: "Give 0.5 for a test done by hand and 1 for an automated one.",
  });
}

async function writeEvidence(context: LineageContext, input: EvidenceFields): Promise<void> {
  const { validDays, points, ...rest } = input;
  const days = validDays ?? 90;
  if (!(days >= 1 && days <= 3650)) {
    throw new DeepwrightError({
      code: "INVALID_EVIDENCE",
      expected: "validDays from 1 to 3650",
      got: String(days),
      todo: "Say after how many days the evidence stops counting.",
    });
  }
  await recordEvidence(context, {
    ...rest,
    points: checkedPoints(points),
    validDays: days,
    recordedAtMs: systemClock.now(),
  });
}

export const healthResolvers = {
  Project: {
    readiness: (project: ProjectSummary, _: never, { lineage }: SliceContext) => score(lineage, project.name),
    configurationDebt: (
      project: ProjectSummary,
      { runs }: { readonly runs?: number | null },
      { lineage }: SliceContext,
    ) => nullWhen(debtOf(lineage, project.name, runs ?? 20), "NO_RUNS").then((debts) => debts ?? []),
  },
  Mutation: {
    recordReadinessEvidence: (_: never, { input }: { readonly input: EvidenceFields }, { lineage }: SliceContext) =>
      withUserErrors(async () => {
        await writeEvidence(lineage, input);
        return { readiness: await score(lineage, input.project) };
      }),
  },
  ReadinessScore: {
    sections: (readiness: ReadinessScore) =>
      Object.entries(readiness.sections).map(([section, points]) => ({ section, points })),
  },
  ReadinessTest: { key: (test: ReadinessTest) => test.id },
  ReadinessEvidence: {
    recordedAt: (evidence: DatedEvidence) => evidence.recordedAtMs,
    expiresAt: property("expiresAtMs"),
  },
  ConfigurationDebt: {
    paths: (debt: ConfigurationDebt) => ("paths" in debt ? debt.paths : [debt.path]),
    values: (debt: ConfigurationDebt) => ("values" in debt ? debt.values : "value" in debt ? [debt.value] : []),
    runs: (debt: ConfigurationDebt) => ("runs" in debt ? debt.runs : null),
    branches: (debt: ConfigurationDebt) => ("branches" in debt ? debt.branches : []),
  },
};
