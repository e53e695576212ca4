export const whyTypeDefs = /* GraphQL */ `
extend type Query {
  """
  Why a run is worse than its baseline: first whether it is worse at all given the noise from run to run, then the
  differences ranked as causes with the evidence for each. Re-runs nothing; a proof made before is included.
  """
  explainRegression(
    """Global id of the run in question, or its UUID."""
    runId: ID!
    """Global id of the run to compare with, or its UUID; the nearest comparable better run without it."""
    baselineId: ID
  ): ExplainRegressionResult!
}

"""Why a run got worse, or why that can't be said."""
type ExplainRegressionResult {
  """The explanation; null when there can be none."""
  report: WhyReport
  """Why there is none, such as no baseline; empty when there is one."""
  userErrors: [UserError!]!
}

"""The explanation of a regression."""
type WhyReport {
  """The run in question."""
  run: Run!
  """The run it is compared with."""
  baseline: Run!
  """Why that run is the baseline, in one sentence."""
  baselineReason: String!
  """The metric and which way is better."""
  objective: Objective!
  """Whether the run is worse at all."""
  worse: WorseVerdict!
  """The differences that can be causes, most plausible first."""
  causes: [RankedCause!]!
  """The differences that can't be causes: seeds, consequences, cosmetic ones."""
  excluded: [ExcludedDifference!]!
  """Values that are equal, over all components (a count)."""
  equalCount: Int!
  """The answer in one sentence."""
  sentence: String!
  """The outcome of re-runs; null when there were none."""
  proof: ProofReport
}

"""Answers to a question that evidence may leave open."""
enum Answer {
  """Yes."""
  YES
  """No."""
  NO
  """The evidence does not tell."""
  CANNOT_TELL
}

"""Whether a run is worse than its baseline, given the noise from run to run."""
type WorseVerdict {
  """The answer."""
  worse: Answer!
  """The objective of the baseline, in the unit of the metric."""
  before: MetricValue!
  """The objective of the run in question, in the unit of the metric."""
  after: MetricValue!
  """How much worse, in the unit of the metric; negative when it is better."""
  loss: MetricValue!
  """Standard deviation from run to run of equal runs, in the unit of the metric; null when it is not known."""
  noiseStandardDeviation: MetricValue
  """Runs on which the noise rests (a count); null when it is not known."""
  noiseRuns: Int
  """Probability of a loss this large from noise alone, 0 to 1; null when it is not known."""
  pValue: Float
  """The verdict in one sentence."""
  sentence: String!
}

"""A difference as a possible cause."""
type RankedCause {
  """The difference."""
  difference: Difference!
  """Relative plausibility, 0 to 1; the causes of one report sum to at most 1."""
  score: Float!
  """What speaks for and against it."""
  evidence: [Evidence!]!
}

"""What kind of evidence it is."""
enum EvidenceKind {
  """The effect of the difference over the recorded runs."""
  HISTORY
  """What the difference can reach."""
  REACH
  """A known mechanism."""
  MECHANISM
  """How often such differences are causes."""
  PRIOR
  """Re-runs."""
  PROOF
}

"""How strongly something speaks for a difference being the cause."""
type Evidence {
  """What kind it is."""
  kind: EvidenceKind!
  """One sentence for people."""
  sentence: String!
  """Log-odds (natural logarithm) that it adds to the ranking."""
  weight: Float!
  """Effect on the objective, where one was estimated."""
  effect: EffectEstimate
}

"""An effect with its interval, in the unit of the metric."""
type EffectEstimate {
  """The estimate."""
  estimate: MetricValue!
  """Lower end of the interval."""
  low: MetricValue!
  """Upper end of the interval."""
  high: MetricValue!
  """Runs on which it rests (a count)."""
  runs: Int!
}

"""A difference that can't be a cause."""
type ExcludedDifference {
  """The difference."""
  difference: Difference!
  """Why it can't be one."""
  reason: String!
}

"""How a proof ended."""
enum ProofVerdict {
  """One difference is the cause."""
  PROVEN
  """Several differences are the cause only together."""
  INTERACTION
  """The loss is noise."""
  NOISE
  """The loss did not come back when the run was repeated."""
  NOT_REPRODUCED
  """The budget ended before the answer."""
  UNDECIDED
}

"""How one step of a proof was decided."""
enum ProofDecision {
  """Reverting restored the metric."""
  RESTORED
  """Reverting did not restore it."""
  NOT_RESTORED
  """Reverting restored a part."""
  PARTLY
  """The runs did not tell."""
  UNDECIDED
  """The re-run failed."""
  FAILED
}

"""The outcome of re-runs with differences reverted."""
type ProofReport {
  """How it ended."""
  verdict: ProofVerdict!
  """The differences that, reverted together, restore the metric, and none of which can be left out."""
  causes: [Difference!]!
  """Part of the loss that reverting them restores: 1 is all of it; null when not known."""
  restored: RestoredPart
  """Probability of a wrong answer that the procedure guarantees, 0 to 1."""
  errorRate: Float!
  """Re-runs made (a count)."""
  runsUsed: Int!
  """Differences between the two runs (a count)."""
  differenceCount: Int!
  """Differences that could not be reverted."""
  notRevertible: [ExcludedDifference!]!
  """The steps in their order."""
  steps: [ProofStep!]!
  """The answer in one sentence."""
  sentence: String!
}

"""A part of the loss with its interval; 1 is all of it."""
type RestoredPart {
  """The estimate."""
  estimate: MetricValue!
  """Lower end of the interval."""
  low: MetricValue!
  """Upper end of the interval."""
  high: MetricValue!
}

"""One step of a proof."""
type ProofStep {
  """Keys of the differences that were reverted."""
  reverted: [String!]!
  """Global ids of the re-runs."""
  runIds: [ID!]!
  """Objective of each re-run, in the unit of the metric."""
  values: [MetricValue!]!
  """How it was decided."""
  decision: ProofDecision!
}
`;
