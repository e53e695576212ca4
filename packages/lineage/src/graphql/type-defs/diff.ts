export const diffTypeDefs = /* GraphQL */ `
extend type Query {
  """What differs between two runs, by component; what is equal is only counted."""
  compareRuns(
    """Global id of the run to compare with (the baseline), or its UUID."""
    before: ID!
    """Global id of the run in question, or its UUID."""
    after: ID!
  ): RunDiff!
}

"""What differs between two runs."""
type RunDiff {
  """The baseline."""
  before: Run!
  """The run in question."""
  after: Run!
  """The differences, by component and path."""
  differences(
    """Only differences in these components."""
    components: [ComponentName!]
  ): [Difference!]!
  """Values that are equal, over all components (a count)."""
  equalCount: Int!
}

"""What kind of thing differs."""
enum DifferenceKind {
  """Lines of a text file of the source."""
  SOURCE_HUNK
  """A whole file of the source."""
  SOURCE_FILE
  """A value of the configuration."""
  CONFIGURATION
  """A command line argument."""
  ARGUMENT
  """An environment variable."""
  ENVIRONMENT
  """The version of a package."""
  PACKAGE
  """Anything else of operating system and interpreter."""
  PLATFORM
  """The machine."""
  HARDWARE
  """What was read."""
  DATA
  """What was written."""
  MODEL
}

"""What differs in the data."""
enum DataVerdict {
  """The same rows in another order."""
  SAME_ROWS_OTHER_ORDER
  """Other rows."""
  OTHER_ROWS
  """Other columns."""
  OTHER_COLUMNS
  """The same content at another place."""
  SAME_CONTENT_ELSEWHERE
  """The fingerprints do not tell."""
  UNKNOWN
}

"""One atomic difference between two runs."""
type Difference {
  """Stable within a pair of runs; not a global id."""
  key: String!
  """What kind of thing differs."""
  kind: DifferenceKind!
  """The component in which it lies."""
  component: ComponentName!
  """Its path within the component."""
  path: String!
  """One line for people."""
  title: String!
  """Whether the baseline has the path at all."""
  inBefore: Boolean!
  """The value in the baseline; null also when it is absent there."""
  before: Leaf
  """Whether the run in question has the path at all."""
  inAfter: Boolean!
  """The value in the run in question; null also when it is absent there."""
  after: Leaf
  """The changed lines of a source file."""
  hunk: SourceHunk
  """What differs in the data."""
  dataVerdict: DataVerdict
  """Columns, partitions or layers that differ, where known."""
  parts: [String!]!
  """A result of the run, not something that could cause one."""
  consequence: Boolean!
  """A random seed: explains noise, never a regression."""
  seed: Boolean!
}

"""One contiguous change of a text file."""
type SourceHunk {
  """Path of the file from the source root."""
  file: String!
  """First line in the baseline, from 1."""
  beforeStart: Int!
  """The lines of the baseline."""
  beforeLines: [String!]!
  """First line in the run in question, from 1."""
  afterStart: Int!
  """The lines of the run in question."""
  afterLines: [String!]!
  """Nearest enclosing function or heading; empty when none was found."""
  context: String!
  """True when only white space, comments or formatting differ."""
  cosmetic: Boolean!
}
`;
