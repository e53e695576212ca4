import type { ProofReport, RankedCause, WhyReport } from "../contract/index.js";

/** What the proof says of one cause; the proof's own sentence is the answer of the report and not said twice. */
function evidenceSentence({ causes, restored }: ProofReport): string {
  const part =
    restored && Number.isFinite(restored.estimate)
      ? `${Math.round(100 * restored.estimate)} % of the loss`
      : "the metric";
  const others = causes.length - 1;
  if (others === 0) return `Re-runs prove it: reverting it alone restores ${part}.`;
  return `Re-runs prove it: reverting it together with the other ${others === 1 ? "cause" : `${others} causes`} restores ${part}.`;
}

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
      evidence: [
        { kind: "proof", sentence: evidenceSentence(proof), weight },
        // A report that came with an earlier proof keeps one proof.
        ...cause.evidence.filter(({ kind }) => kind !== "proof"),
      ],
    };
  });
  return {
    ...report,
    proof,
    causes: causes.sort((a, b) => Number(isProven(b)) - Number(isProven(a)) || b.score - a.score),
    sentence: proof.verdict === "undecided" ? report.sentence : proof.sentence,
  };
}
