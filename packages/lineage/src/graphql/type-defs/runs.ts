export const runTypeDefs = /* GraphQL */ `
extend type Query {
  """The run with this id; null when there is none."""
  run(
    """Global id of the run, or its UUID."""
    id: ID!
  ): Run
  """The run that a reference means: an id, the unique start of one, a name (its newest run), or "latest"; null when there is none."""
  resolveRun(
    """Id, start of an id, name, or the word latest."""
    reference: String!
    """Name of the project to look in; all projects without it."""
    project: String
  ): Run
  """Runs by filter and order, cut into pages by keyset, so that pages stay stable while runs are added."""
  runs(
    """Name of the project; all projects without it."""
    project: String
    """Which runs; all without it."""
    filter: RunFilter
    """In which order; newest first without it. Runs without the metric of the order come last."""
    orderBy: RunOrder
    """Runs on the page, 1 to 1000."""
    first: Int = 50
    """Cursor after which the page begins: pageInfo.endCursor of the page before."""
    after: String
    """Whether archived runs are listed too."""
    includeArchived: Boolean = false
    """Why the runs were made; re-runs of a proof are left out unless asked for."""
    purposes: [RunPurpose!] = [USER]
  ): RunConnection!
  """All projects, by name."""
  projects(
    """Projects on the page, 1 to 1000."""
    first: Int = 50
    """Cursor after which the page begins."""
    after: String
  ): ProjectConnection!
  """The project with this name; null when there is none."""
  project(
    """Name of the project."""
    name: String!
  ): Project
}

extend type Mutation {
  """Sets and removes tags of a run."""
  setRunTags(
    """What to set."""
    input: SetRunTagsInput!
  ): SetRunTagsPayload!
  """Replaces the note of a run."""
  setRunNote(
    """What to set."""
    input: SetRunNoteInput!
  ): SetRunNotePayload!
  """Hides a run from lists, or shows it again. Nothing is deleted."""
  archiveRun(
    """What to set."""
    input: ArchiveRunInput!
  ): ArchiveRunPayload!
}

"""How a run ended, or that it has not."""
enum RunStatus {
  """Its process is alive as far as its heartbeat tells."""
  RUNNING
  """Its process ended with exit code 0."""
  FINISHED
  """Its process ended with another exit code."""
  FAILED
  """A person stopped it."""
  CANCELLED
  """Its process died without a word."""
  LOST
}

"""Why a run was made."""
enum RunPurpose {
  """By a person or their program."""
  USER
  """As a re-run of a proof; never a baseline."""
  PROOF
}

"""The six components that, taken together, decide how a model comes out."""
enum ComponentName {
  """Processor, memory, accelerators, their drivers."""
  HARDWARE
  """Operating system, interpreter, packages, native libraries, environment variables."""
  PLATFORM
  """Commit and content of the source files."""
  SOURCE
  """Arguments, configuration files and values given by the program."""
  CONFIGURATION
  """What was read: fingerprints of the inputs."""
  DATA
  """What was written: model files and their tensors."""
  MODEL
}

"""Which way a metric is better."""
enum Direction {
  """Lower is better."""
  MINIMIZE
  """Higher is better."""
  MAXIMIZE
}

"""The order of a sorted list."""
enum SortDirection {
  """Lowest or oldest first."""
  ASCENDING
  """Highest or newest first."""
  DESCENDING
}

"""How a recorded value is compared with a given one."""
enum Comparison {
  """Equal."""
  EQUAL
  """Not equal."""
  NOT_EQUAL
  """Less than."""
  LESS
  """Less than or equal."""
  LESS_OR_EQUAL
  """Greater than."""
  GREATER
  """Greater than or equal."""
  GREATER_OR_EQUAL
}

"""One number that stands for all points of a metric of a run."""
enum MetricAggregate {
  """The value logged last."""
  LAST
  """The lowest value that is not NaN."""
  MIN
  """The highest value that is not NaN."""
  MAX
  """The mean of the values that are not NaN."""
  MEAN
}

"""Conditions on runs. All fields that are given must hold."""
input RunFilter {
  """All of these hold."""
  and: [RunFilter!]
  """At least one of these holds."""
  or: [RunFilter!]
  """This does not hold."""
  not: RunFilter
  """A metric compares with a value."""
  metric: MetricFilter
  """A value of a component compares with a value."""
  component: ComponentFilter
  """A tag has, or has not, a value."""
  tag: TagFilter
  """The run has this status."""
  status: RunStatus
  """The run started after this moment."""
  startedAfter: DateTime
  """The run started before this moment."""
  startedBefore: DateTime
  """Words that stand in the name, note, tags or command."""
  text: String
}

"""A condition on a metric."""
input MetricFilter {
  """Name of the metric."""
  name: String!
  """Which number of it."""
  aggregate: MetricAggregate = LAST
  """How it is compared."""
  comparison: Comparison!
  """With what, in the unit of the metric."""
  value: MetricValue!
}

"""A condition on one value of a component."""
input ComponentFilter {
  """Which component."""
  component: ComponentName!
  """Path of the value within the component; of a configuration also its last segments, joined by dots."""
  path: String!
  """How it is compared."""
  comparison: Comparison!
  """With what."""
  value: Leaf
}

"""A condition on a tag."""
input TagFilter {
  """Key of the tag."""
  key: String!
  """EQUAL or NOT_EQUAL."""
  comparison: Comparison = EQUAL
  """Its value."""
  value: String!
}

"""The order of runs: by a metric when one is named, by start otherwise."""
input RunOrder {
  """Name of the metric to order by."""
  metric: String
  """Which number of the metric."""
  aggregate: MetricAggregate = LAST
  """Which way."""
  direction: SortDirection = DESCENDING
}

"""What runs belong to."""
type Project implements Node {
  """Global id."""
  id: ID!
  """Its name, the only one of its kind in this store."""
  name: String!
  """Runs made by people, archived ones left out (a count)."""
  runCount: Int!
  """Re-runs made by proofs (a count)."""
  proofRunCount: Int!
  """Its runs, newest first."""
  runs(
    """Runs on the page, 1 to 1000."""
    first: Int = 50
    """Cursor after which the page begins."""
    after: String
  ): RunConnection!
  """Facts that packages found out about the project, newest first."""
  facts(
    """Only facts of this kind, such as readiness.evidence."""
    kind: String
  ): [Fact!]!
}

"""A page of projects."""
type ProjectConnection {
  """The projects with their cursors."""
  edges: [ProjectEdge!]!
  """The projects."""
  nodes: [Project!]!
  """Where the page lies."""
  pageInfo: PageInfo!
  """Projects in the whole list (a count)."""
  totalCount: Int!
}

"""A project within a page."""
type ProjectEdge {
  """Its cursor."""
  cursor: String!
  """The project."""
  node: Project!
}

"""One execution of a training command: six components, metrics, tags and facts."""
type Run implements Node {
  """Global id."""
  id: ID!
  """The UUID that the command line prints."""
  uuid: String!
  """Its name; need not be unique."""
  name: String!
  """Name of its project."""
  projectName: String!
  """Its project."""
  project: Project!
  """How it ended, or that it has not."""
  status: RunStatus!
  """Why it was made."""
  purpose: RunPurpose!
  """Command and arguments, one text each."""
  command: [String!]!
  """When it started."""
  startedAt: DateTime!
  """When it ended; null while it runs."""
  endedAt: DateTime
  """When it was last heard of."""
  heartbeatAt: DateTime!
  """
  Wall time of the command in milliseconds, without what was captured before and after it; of a run that recorded itself
  from its start to its end. Null while it runs.
  """
  duration: Duration
  """Exit code of the process; null while it runs and when a signal ended it."""
  exitCode: Int
  """Name of the signal that ended it."""
  signal: String
  """Where it ran."""
  location: RunLocation!
  """Which metric it is judged by."""
  objective: Objective
  """Last value of the objective's metric, in its unit; null when there is no objective or no value."""
  objectiveValue: MetricValue
  """The run that started it."""
  parent: Run
  """Tags, by key."""
  tags: [Tag!]!
  """Note for people; empty when there is none."""
  note: String!
  """Whether lists leave it out."""
  archived: Boolean!
  """Summaries of its metrics, by name."""
  metrics(
    """Only these names, in this order; names without points are left out."""
    names: [String!]
  ): [Metric!]!
  """The six components: hashes, and their values on request."""
  components: [Component!]!
  """One component."""
  component(
    """Which one."""
    name: ComponentName!
  ): Component!
  """Facts that packages found out about the run, newest first."""
  facts(
    """Only facts of this kind, such as why.verdict."""
    kind: String
  ): [Fact!]!
}

"""A page of runs."""
type RunConnection {
  """The runs with their cursors."""
  edges: [RunEdge!]!
  """The runs."""
  nodes: [Run!]!
  """Where the page lies."""
  pageInfo: PageInfo!
  """Runs that the filter matches (a count); counted only when asked for."""
  totalCount: Int!
}

"""A run within a page."""
type RunEdge {
  """Its cursor."""
  cursor: String!
  """The run."""
  node: Run!
}

"""Where a run ran. Not part of what decides its outcome."""
type RunLocation {
  """Name of the machine."""
  host: String!
  """Id of the process on that machine."""
  processId: Int!
  """Absolute path of the source root."""
  root: String!
  """Absolute path in which the command ran."""
  workingDirectory: String!
}

"""Which metric a run is judged by."""
type Objective {
  """Name of the metric."""
  metric: String!
  """Which way is better."""
  direction: Direction!
}

"""A key and its value."""
type Tag {
  """The key, once in a run."""
  key: String!
  """The value."""
  value: String!
}

"""The summary of one metric of one run. Values are in the unit of the metric."""
type Metric {
  """Its name."""
  name: String!
  """Points logged (a count)."""
  count: Float!
  """The value logged last."""
  last: MetricValue!
  """Step of that value (the program's own count)."""
  lastStep: Float!
  """Lowest value that is not NaN; null when all are NaN."""
  min: MetricValue
  """Step of the lowest value."""
  minStep: Float
  """Highest value that is not NaN; null when all are NaN."""
  max: MetricValue
  """Step of the highest value."""
  maxStep: Float
  """Mean of the values that are not NaN; NaN when all are."""
  mean: MetricValue!
  """Its points in the order in which they were logged."""
  history(
    """Thins evenly to at most this many points, 1 to 100000."""
    maxPoints: Int = 1000
  ): MetricHistory!
}

"""Points of a metric in columns of equal length."""
type MetricHistory {
  """Step of each point (the program's own count)."""
  steps: [Float!]!
  """Moment of each point."""
  times: [DateTime!]!
  """Value of each point, in the unit of the metric."""
  values: [MetricValue!]!
  """Points recorded (a count), more than given here when they were thinned."""
  totalCount: Float!
}

"""One of the six components of a run, as a flat map from path to value."""
type Component {
  """Which one."""
  name: ComponentName!
  """Root hash of its tree, 64 hexadecimal digits or null when nothing was recorded. Equal hashes: equal components."""
  hash: String
  """Its values, sorted by path."""
  entries(
    """Only paths that begin with this."""
    prefix: String
    """At most this many, 1 to 10000."""
    first: Int = 1000
  ): [ComponentEntry!]!
}

"""One value of a component."""
type ComponentEntry {
  """Its path; segments are joined by slashes and escaped as in JSON Pointer."""
  path: String!
  """Its value; units, where there are any, stand in the path."""
  value: Leaf
}

"""Something that a package found out about an entity, at a moment."""
type Fact {
  """Which kind: package and noun, such as data-tests.result."""
  kind: String!
  """What was found out, in the shape of its kind."""
  body: JSON
  """When it was recorded."""
  recordedAt: DateTime!
  """When it stops counting; null: never."""
  expiresAt: DateTime
}

"""Tags to set and to remove."""
input SetRunTagsInput {
  """Global id of the run, or its UUID."""
  runId: ID!
  """Tags to set; a key that exists gets the new value."""
  set: [TagInput!]
  """Keys to remove; a key that does not exist is no error."""
  remove: [String!]
}

"""A key and its value."""
input TagInput {
  """The key, not empty."""
  key: String!
  """The value; may be empty."""
  value: String!
}

"""The run after its tags were set."""
type SetRunTagsPayload {
  """The run; null when it was refused."""
  run: Run
  """Why it was refused; empty when it was done."""
  userErrors: [UserError!]!
}

"""The note to set."""
input SetRunNoteInput {
  """Global id of the run, or its UUID."""
  runId: ID!
  """The note; empty removes it."""
  note: String!
}

"""The run after its note was set."""
type SetRunNotePayload {
  """The run; null when it was refused."""
  run: Run
  """Why it was refused; empty when it was done."""
  userErrors: [UserError!]!
}

"""Whether to hide a run."""
input ArchiveRunInput {
  """Global id of the run, or its UUID."""
  runId: ID!
  """True hides it, false shows it again."""
  archived: Boolean = true
}

"""The run after it was hidden or shown."""
type ArchiveRunPayload {
  """The run; null when it was refused."""
  run: Run
  """Why it was refused; empty when it was done."""
  userErrors: [UserError!]!
}
`;
