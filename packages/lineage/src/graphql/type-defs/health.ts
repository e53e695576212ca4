export const healthTypeDefs = /* GraphQL */ `
extend type Project {
  """The ML Test Score (Breck et al. 2017): 28 tests in four sections, from recorded evidence that expires."""
  readiness: ReadinessScore!
  """Keys of the configuration that cost attention without earning it, over the last runs."""
  configurationDebt(
    """How many of the last runs to look at, 2 to 200."""
    runs: Int = 20
  ): [ConfigurationDebt!]!
}

extend type Mutation {
  """Writes down evidence for one of the 28 tests."""
  recordReadinessEvidence(
    """The evidence."""
    input: RecordReadinessEvidenceInput!
  ): RecordReadinessEvidencePayload!
}

"""The four sections of the ML Test Score."""
enum ReadinessSection {
  """Features and data."""
  DATA
  """Model development."""
  MODEL
  """Infrastructure."""
  INFRASTRUCTURE
  """Monitoring."""
  MONITORING
}

"""How a test stands."""
enum ReadinessState {
  """Valid evidence says that it is done."""
  PASSED
  """Valid evidence says that it failed."""
  FAILED
  """The evidence is too old."""
  EXPIRED
  """There is no evidence."""
  MISSING
}

"""The readiness of a project for production."""
type ReadinessScore {
  """Points of the lowest section, 0 to 7."""
  score: Float!
  """Points of each section, 0 to 7."""
  sections: [ReadinessSectionScore!]!
  """The 28 tests in the order of the paper."""
  points: [ReadinessPoint!]!
  """The paper's reading of the score."""
  interpretation: String!
  """What to do next, the lowest section first."""
  next: [ReadinessTest!]!
}

"""Points of one section."""
type ReadinessSectionScore {
  """The section."""
  section: ReadinessSection!
  """Its points, 0 to 7."""
  points: Float!
}

"""One of the 28 tests."""
type ReadinessTest {
  """Section and number, such as data-1."""
  key: String!
  """The section."""
  section: ReadinessSection!
  """What is tested."""
  title: String!
  """What to do to earn the point, one sentence."""
  todo: String!
}

"""How one test stands."""
type ReadinessPoint {
  """The test."""
  test: ReadinessTest!
  """0, 0.5 (done by hand) or 1 (automated) points."""
  points: Float!
  """How it stands."""
  state: ReadinessState!
  """The evidence behind it."""
  evidence: ReadinessEvidence
}

"""Recorded evidence for a test."""
type ReadinessEvidence {
  """What was seen, one sentence."""
  summary: String!
  """Who or what says so."""
  source: String!
  """Whether the test passed."""
  passed: Boolean!
  """Worth of the test when it passed: 0.5 (by hand) or 1 (automated) points."""
  points: Float!
  """When it was recorded."""
  recordedAt: DateTime!
  """When it stops counting; null: never."""
  expiresAt: DateTime
}

"""Ways in which a key costs attention without earning it."""
enum ConfigurationDebtKind {
  """No line of the source reads it."""
  NEVER_READ
  """It had the same value in all runs."""
  NEVER_VARIED
  """It always has the value of another key."""
  DUPLICATED
  """The same setting has several values."""
  CONTRADICTORY
  """A flag that was constant, with lines that branch on it."""
  DEAD_EXPERIMENTAL_PATH
}

"""Keys that cost attention without earning it."""
type ConfigurationDebt {
  """In which way."""
  kind: ConfigurationDebtKind!
  """Paths of the keys in the configuration component."""
  paths: [String!]!
  """Their values in the newest run, where they matter."""
  values: [Leaf]!
  """Runs that were looked at (a count); null where runs do not matter."""
  runs: Int
  """Lines of the source that branch on the key."""
  branches: [SourceLine!]!
  """The finding in one sentence."""
  sentence: String!
}

"""A line of the source."""
type SourceLine {
  """Path of the file from the source root."""
  file: String!
  """Number of the line, from 1."""
  line: Int!
  """The line, without white space around it, shortened to 200 characters."""
  text: String!
}

"""Evidence to write down."""
input RecordReadinessEvidenceInput {
  """Name of the project."""
  project: String!
  """Which test, such as data-1."""
  test: String!
  """0.5 for a test done by hand with its result written down, 1 for an automated one."""
  points: Float!
  """Whether the test passed."""
  passed: Boolean!
  """What was seen, one sentence."""
  summary: String!
  """Who or what says so."""
  source: String!
  """After how many days it stops counting, 1 to 3650."""
  validDays: Int = 90
}

"""The score after the evidence was written down."""
type RecordReadinessEvidencePayload {
  """The new score; null when it was refused."""
  readiness: ReadinessScore
  """Why it was refused; empty when it was done."""
  userErrors: [UserError!]!
}
`;
