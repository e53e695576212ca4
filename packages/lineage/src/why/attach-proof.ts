import type { ProofReport, RankedCause, WhyReport } from "../contract/index.js";

/**
 * Puts the outcome of re-runs into a report: what was proven comes first with its evidence, what was tried and exonerated
 * loses its score, and the proof's sentence is the answer.
 */
export function attachProof(report: WhyReport, proof: ProofReport): WhyReport {
  const settled = proof.verdict === "proven" || proof.verdict === "interaction";
  const proven = new Set(settled ? proof.causes.map(({ id }) => id) : []);
  const weight = Math.log((1 - proof.errorRate) / proof.errorRate);
  const isProven = (cause: RankedCause): boolean => proven.has(cause.difference.id);
  const rest = report.causes.filter((cause) => !isProven(cause)).reduce((sum, cause) => sum + cause.score, 0);
  const causes = report.causes.map((cause): RankedCause => {
    if (!settled) return cause;
    if (!isProven(cause)) return { ...cause, score: rest > 0 ? (cause.score / rest) * proof.errorRate * 0.5 : 0 };
    return {
      ...cause,
      score: (1 - proof.errorRate) / proven.size,
      evidence: [{ kind: "proof", sentence: proof.sentence, weight }, ...cause.evidence],
    };
  });
  return {
    ...report,
    proof,
    causes: causes.sort((a, b) => Number(isProven(b)) - Number(isProven(a)) || b.score - a.score),
    sentence: proof.verdict === "undecided" ? report.sentence : proof.sentence,
  };
}
