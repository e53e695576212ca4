import type { EvidenceFact } from "@deepwright/core";
import { type ReadinessSection, type ReadinessTest, readinessSections, readinessTests } from "./tests.js";

/** Recorded evidence for a test, with when it stops counting. */
export interface DatedEvidence extends EvidenceFact {
  /** Milliseconds since 1970. */
  readonly recordedAtMs: number;
  /** Milliseconds since 1970; `null`: never. */
  readonly expiresAtMs: number | null;
}

export interface ReadinessPoint {
  readonly test: ReadinessTest;
  /** 0, 0.5 (done by hand, with the result written down) or 1 (automated). */
  readonly points: 0 | 0.5 | 1;
  /** The evidence that earned the points, or the newest that failed or expired; `null` when there is none. */
  readonly evidence: DatedEvidence | null;
  readonly state: "passed" | "failed" | "expired" | "missing";
}

export interface ReadinessScore {
  /** The lowest section's points: a chain is as strong as its weakest link. 0 .. 7. */
  readonly score: number;
  readonly sections: Readonly<Record<ReadinessSection, number>>;
  readonly points: readonly ReadinessPoint[];
  /** The paper's reading of the score. */
  readonly interpretation: string;
  /** What to do next: missing tests of the lowest sections first. */
  readonly next: readonly ReadinessTest[];
}

/** Breck et al. 2017, table V. */
function interpret(score: number): string {
  if (score === 0) return "more of a research project than a productionized system";
  if (score <= 1)
    return "not totally untested, but it is worth considering the possibility of serious holes in reliability";
  if (score <= 2) return "a first pass at basic productionization, but additional investment may be needed";
  if (score <= 3)
    return "reasonably tested, but it is possible that more of those tests and procedures may be automated";
  if (score <= 5) return "strong levels of automated testing and monitoring, appropriate for mission-critical systems";
  return "exceptional levels of automated testing and monitoring";
}

function judge(test: ReadinessTest, evidence: readonly DatedEvidence[], nowMs: number): ReadinessPoint {
  const own = evidence.filter((entry) => entry.test === test.id).sort((a, b) => b.recordedAtMs - a.recordedAtMs);
  const valid = own.filter((entry) => entry.expiresAtMs === null || entry.expiresAtMs > nowMs);
  // Several sources may speak to one test; the newest word of each source counts, and one failure outweighs the others.
  const newest = new Map<string, DatedEvidence>();
  for (const entry of valid) if (!newest.has(entry.source)) newest.set(entry.source, entry);
  const current = [...newest.values()];
  const failed = current.find((entry) => !entry.passed);
  if (failed) return { test, points: 0, evidence: failed, state: "failed" };
  const best = current.sort((a, b) => b.points - a.points)[0];
  if (best) return { test, points: best.points, evidence: best, state: "passed" };
  const expired = own[0];
  return expired
    ? { test, points: 0, evidence: expired, state: "expired" }
    : { test, points: 0, evidence: null, state: "missing" };
}

/**
 * The ML Test Score from recorded evidence: half a point for a test done by hand, one for an automated one, none for
 * evidence that failed or expired; the score is the lowest section.
 *
 * @param evidence any order, any number per test
 * @param nowMs milliseconds since 1970
 * @example
 * ```ts
 * const { score, sections } = readinessScore([], Date.UTC(2026, 0, 1));
 * console.log(score, sections.data); // 0 0
 * ```
 */
export function readinessScore(evidence: readonly DatedEvidence[], nowMs: number): ReadinessScore {
  const points = readinessTests.map((test) => judge(test, evidence, nowMs));
  const sections = Object.fromEntries(
    readinessSections.map((name) => [
      name,
      points.filter((point) => point.test.section === name).reduce((sum, point) => sum + point.points, 0),
    ]),
  ) as Record<ReadinessSection, number>;
  const score = Math.min(...Object.values(sections));
  const order = { failed: 0, expired: 1, missing: 2, passed: 3 };
  const next = points
    .filter((point) => point.points < 1)
    .sort(
      (a, b) =>
        sections[a.test.section] - sections[b.test.section] || order[a.state] - order[b.state] || b.points - a.points,
    )
    .map((point) => point.test);
  return { score, sections, points, interpretation: interpret(score), next };
}
