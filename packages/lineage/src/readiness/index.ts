import { factSchema, type JsonValue, parseId } from "@deepwright/core";
import type { GraphService, RunService } from "../contract/index.js";
import { deriveEvidence } from "./derive.js";
import { type DatedEvidence, type ReadinessScore, readinessScore } from "./score.js";

export type { DatedEvidence, ReadinessPoint, ReadinessScore } from "./score.js";
export { readinessScore } from "./score.js";
export { type ReadinessSection, type ReadinessTest, readinessSections, readinessTests } from "./tests.js";

/** Runs looked at when evidence is derived. */
const recentRuns = 200;

/**
 * The ML Test Score of a project from all evidence in the store: facts `readiness.evidence` recorded on the project, and
 * what the runs, models and deployments themselves show.
 *
 * @param nowMs milliseconds since 1970; evidence that expired before is not counted
 * @throws DeepwrightError `PROJECT_NOT_FOUND`
 */
export async function scoreProject(
  services: { readonly runs: RunService; readonly graph: GraphService },
  input: { readonly project: string; readonly nowMs: number },
): Promise<ReadinessScore> {
  const projectId = await services.graph.projectId({ project: input.project });
  const facts = await services.runs.facts({ entityKind: "project", entityId: projectId, kind: "readiness.evidence" });
  const schema = factSchema("readiness.evidence");
  const recorded = facts.flatMap((fact): DatedEvidence[] => {
    const parsed = schema?.safeParse(fact.body);
    if (!parsed?.success) return [];
    const body = parsed.data as DatedEvidence;
    return [{ ...body, recordedAtMs: fact.recordedAtMs, expiresAtMs: fact.expiresAtMs }];
  });
  const page = await services.runs.searchRuns({ project: input.project, first: recentRuns });
  const derived = await deriveEvidence(services.runs, services.graph, input.project, page.items);
  return readinessScore([...recorded, ...derived], input.nowMs);
}

/**
 * Writes down evidence for one test.
 *
 * @param input.validDays days after which the evidence no longer counts, default 90
 */
export async function recordEvidence(
  services: { readonly runs: RunService; readonly graph: GraphService },
  input: {
    readonly project: string;
    readonly test: string;
    readonly points: 0.5 | 1;
    readonly passed: boolean;
    readonly summary: string;
    readonly source: string;
    readonly recordedAtMs: number;
    readonly validDays?: number;
  },
): Promise<void> {
  const { project, recordedAtMs, validDays = 90, ...body } = input;
  const entityId = parseId("project", await services.graph.projectId({ project }));
  await services.runs.recordFact({
    entityKind: "project",
    entityId,
    kind: "readiness.evidence",
    body: body as unknown as JsonValue,
    recordedAtMs,
    expiresAtMs: recordedAtMs + validDays * 86_400_000,
  });
}
