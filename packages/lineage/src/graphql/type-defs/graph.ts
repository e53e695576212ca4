export const graphTypeDefs = /* GraphQL */ `
extend type Project {
  """Data sets that its runs read or wrote, by name."""
  datasets(
    """Items on the page, 1 to 1000."""
    first: Int = 50
    """Cursor after which the page begins."""
    after: String
  ): DatasetConnection!
  """Its features, declared or not, by name."""
  features(
    """Items on the page, 1 to 1000."""
    first: Int = 50
    """Cursor after which the page begins."""
    after: String
  ): FeatureConnection!
  """Features that somebody should look at."""
  featureReport: FeatureReport!
  """Its registered models, by name."""
  models(
    """Items on the page, 1 to 1000."""
    first: Int = 50
    """Cursor after which the page begins."""
    after: String
  ): ModelConnection!
  """Where its models serve, newest first."""
  deployments(
    """Items on the page, 1 to 1000."""
    first: Int = 50
    """Cursor after which the page begins."""
    after: String
  ): DeploymentConnection!
  """Who said that they use its models or data."""
  consumers(
    """Items on the page, 1 to 1000."""
    first: Int = 50
    """Cursor after which the page begins."""
    after: String
  ): ConsumerConnection!
  """Feedback: data that a model was trained on and that its own consumers write."""
  cycles: [Cycle!]!
}

extend type Query {
  """What an entity was made of, or what depends on it."""
  lineage(
    """Global id of any entity, or its UUID."""
    id: ID!
    """Which way to walk."""
    direction: LineageDirection!
    """Steps to walk, 1 to 100."""
    maxDepth: Int = 20
    """Entities to return, 1 to 10000."""
    maxNodes: Int = 1000
  ): LineageWalk!
  """What must be tested again if an entity changes."""
  impact(
    """Global id of any entity, or its UUID."""
    id: ID!
  ): Impact!
}

extend type Mutation {
  """Declares a feature, or changes its declaration."""
  declareFeature(
    """The feature."""
    input: DeclareFeatureInput!
  ): DeclareFeaturePayload!
  """Makes a model if it is new, and replaces its gates."""
  declareModel(
    """The model."""
    input: DeclareModelInput!
  ): DeclareModelPayload!
  """Adds a version to a model."""
  registerModelVersion(
    """The version."""
    input: RegisterModelVersionInput!
  ): RegisterModelVersionPayload!
  """Points an alias at a version; refused with GATE_FAILED while a gate of the model fails."""
  setModelAlias(
    """Alias and version."""
    input: SetModelAliasInput!
  ): SetModelAliasPayload!
  """Says that a model version serves somewhere."""
  deployModelVersion(
    """Version and place."""
    input: DeployModelVersionInput!
  ): DeployModelVersionPayload!
  """Declares who uses deployments, model versions or data sets."""
  declareConsumer(
    """The consumer."""
    input: DeclareConsumerInput!
  ): DeclareConsumerPayload!
}

"""Which way to walk the graph."""
enum LineageDirection {
  """To what the entity was made of."""
  UPSTREAM
  """To what depends on the entity."""
  DOWNSTREAM
}

"""Kinds of entity in the graph."""
enum EntityKind {
  """A project."""
  PROJECT
  """A run."""
  RUN
  """A data set."""
  DATASET
  """One content of a data set."""
  DATASET_VERSION
  """A feature."""
  FEATURE
  """A model."""
  MODEL
  """A version of a model."""
  MODEL_VERSION
  """A place where a model version serves."""
  DEPLOYMENT
  """Somebody or something that uses predictions or data."""
  CONSUMER
  """A check."""
  CHECK
  """An alert."""
  ALERT
  """A forecast."""
  FORECAST
  """A budget."""
  BUDGET
}

"""An entity found on a walk."""
type LineageNode {
  """Its global id."""
  id: ID!
  """Its kind."""
  kind: EntityKind!
  """Its name."""
  name: String!
  """Steps from where the walk began (a count)."""
  depth: Int!
}

"""A step of the graph. Content flows from one end to the other."""
type LineageEdge {
  """Global id of the upstream end."""
  from: ID!
  """Global id of the downstream end."""
  to: ID!
  """How they hang together: input, output, version, trained, source, uses, serves, consumes or writes."""
  relation: String!
}

"""What a walk found."""
type LineageWalk {
  """The entities, nearest first."""
  nodes: [LineageNode!]!
  """The steps between them."""
  edges: [LineageEdge!]!
  """True when a limit cut something off."""
  truncated: Boolean!
}

"""What must be tested again if an entity changes, nearest first."""
type Impact {
  """Global id of the entity."""
  id: ID!
  """Features to check."""
  features: [LineageNode!]!
  """Model versions to check."""
  modelVersions: [LineageNode!]!
  """Deployments to check."""
  deployments: [LineageNode!]!
  """Whom to tell."""
  consumers: [LineageNode!]!
  """Data sets to check."""
  datasets: [LineageNode!]!
  """What to test again and whom to tell, in one sentence."""
  sentence: String!
}

"""A feedback loop."""
type Cycle {
  """The entities along it, the first one repeated at the end."""
  path: [LineageNode!]!
  """What feeds what, in one sentence."""
  sentence: String!
}

"""A named set of data."""
type Dataset implements Node {
  """Global id."""
  id: ID!
  """Name of its project."""
  projectName: String!
  """Its name, unique in the project."""
  name: String!
  """Contents that runs saw (a count)."""
  versionCount: Int!
  """Its contents, newest first."""
  versions: [DatasetVersion!]!
}

"""A page of data sets."""
type DatasetConnection {
  """The data sets with their cursors."""
  edges: [DatasetEdge!]!
  """The data sets."""
  nodes: [Dataset!]!
  """Where the page lies."""
  pageInfo: PageInfo!
  """Data sets in the whole list (a count)."""
  totalCount: Int!
}

"""A data set within a page."""
type DatasetEdge {
  """Its cursor."""
  cursor: String!
  """The data set."""
  node: Dataset!
}

"""One content of a data set. Equal content is one version, wherever it lay."""
type DatasetVersion implements Node {
  """Global id."""
  id: ID!
  """Where it was seen first."""
  uri: String!
  """When it was seen first."""
  createdAt: DateTime!
  """Hashes of its rows, order, schema, columns and partitions; sizes in bytes, counts in rows."""
  fingerprint: JSON
}

"""How far a feature may be relied on."""
enum FeatureStatus {
  """Being tried."""
  EXPERIMENTAL
  """In use."""
  ACTIVE
  """To be given up."""
  DEPRECATED
}

"""An input that models share."""
type Feature implements Node {
  """Global id."""
  id: ID!
  """Name of its project."""
  projectName: String!
  """Its name, unique in the project."""
  name: String!
  """Who answers for it; empty when no one declared it."""
  owner: String!
  """How far it may be relied on."""
  status: FeatureStatus!
  """What it means; empty when not given."""
  description: String!
  """Where it comes from."""
  source: FeatureSource
  """False for a feature that a model uses and no one declared."""
  declared: Boolean!
  """Model versions that use it."""
  usedBy: [FeatureUse!]!
}

"""Where a feature comes from."""
type FeatureSource {
  """Name of the data set."""
  dataset: String!
  """Name of the column."""
  column: String!
}

"""A model version that uses a feature."""
type FeatureUse {
  """Global id of the model version."""
  modelVersionId: ID!
  """Name of the model."""
  model: String!
  """Number of the version, from 1."""
  version: Int!
}

"""A page of features."""
type FeatureConnection {
  """The features with their cursors."""
  edges: [FeatureEdge!]!
  """The features."""
  nodes: [Feature!]!
  """Where the page lies."""
  pageInfo: PageInfo!
  """Features in the whole list (a count)."""
  totalCount: Int!
}

"""A feature within a page."""
type FeatureEdge {
  """Its cursor."""
  cursor: String!
  """The feature."""
  node: Feature!
}

"""Features that somebody should look at."""
type FeatureReport {
  """Declared, and used by no model version."""
  unused: [Feature!]!
  """Deprecated, and still used."""
  deprecatedInUse: [Feature!]!
  """Used, and declared by no one."""
  undeclared: [Feature!]!
}

"""A condition that a version must meet before an alias may point at it."""
type Gate {
  """Its name."""
  name: String!
  """Metric of the run that made the version."""
  metric: String!
  """How the last value is compared."""
  comparison: Comparison!
  """With what, in the unit of the metric."""
  value: MetricValue!
}

"""Whether a version meets a gate."""
type GateResult {
  """The gate."""
  gate: Gate!
  """Whether it is met."""
  passed: Boolean!
  """The value, in the unit of the metric; null when the run never logged it, which fails the gate."""
  actual: MetricValue
}

"""A registered model."""
type Model implements Node {
  """Global id."""
  id: ID!
  """Name of its project."""
  projectName: String!
  """Its name, unique in the project."""
  name: String!
  """Conditions for its aliases."""
  gates: [Gate!]!
  """Names that point at versions."""
  aliases: [ModelAlias!]!
  """Versions (a count)."""
  versionCount: Int!
  """How often an alias was moved back to an earlier version (a count)."""
  rollbackCount: Int!
  """Its versions, newest first."""
  versions: [ModelVersion!]!
}

"""A name that points at a version of a model."""
type ModelAlias {
  """The name, such as production."""
  name: String!
  """Number of the version, from 1."""
  version: Int!
}

"""A page of models."""
type ModelConnection {
  """The models with their cursors."""
  edges: [ModelEdge!]!
  """The models."""
  nodes: [Model!]!
  """Where the page lies."""
  pageInfo: PageInfo!
  """Models in the whole list (a count)."""
  totalCount: Int!
}

"""A model within a page."""
type ModelEdge {
  """Its cursor."""
  cursor: String!
  """The model."""
  node: Model!
}

"""A version of a model."""
type ModelVersion implements Node {
  """Global id."""
  id: ID!
  """Name of its model."""
  modelName: String!
  """Its number, from 1."""
  version: Int!
  """The run that made it; null when it was registered without one."""
  run: Run
  """When it was registered."""
  createdAt: DateTime!
  """What it is; empty when not given."""
  description: String!
  """Names that point at it."""
  aliases: [String!]!
  """Whether it meets the gates of its model now."""
  gateResults: [GateResult!]!
}

"""A place where a model version serves."""
type Deployment implements Node {
  """Global id."""
  id: ID!
  """The version that serves."""
  modelVersion: ModelVersion
  """Name of the environment, such as production."""
  environment: String!
  """Where it answers; empty when not given."""
  url: String!
  """False when another version took its place."""
  active: Boolean!
  """When it began to serve."""
  startedAt: DateTime!
}

"""A page of deployments."""
type DeploymentConnection {
  """The deployments with their cursors."""
  edges: [DeploymentEdge!]!
  """The deployments."""
  nodes: [Deployment!]!
  """Where the page lies."""
  pageInfo: PageInfo!
  """Deployments in the whole list (a count)."""
  totalCount: Int!
}

"""A deployment within a page."""
type DeploymentEdge {
  """Its cursor."""
  cursor: String!
  """The deployment."""
  node: Deployment!
}

"""Somebody or something that uses predictions or data."""
type Consumer implements Node {
  """Global id."""
  id: ID!
  """Name of its project."""
  projectName: String!
  """Its name, unique in the project."""
  name: String!
  """Who answers for it."""
  owner: String!
  """How to reach the owner; empty when not given."""
  contact: String!
  """What it does with it; empty when not given."""
  purpose: String!
}

"""A page of consumers."""
type ConsumerConnection {
  """The consumers with their cursors."""
  edges: [ConsumerEdge!]!
  """The consumers."""
  nodes: [Consumer!]!
  """Where the page lies."""
  pageInfo: PageInfo!
  """Consumers in the whole list (a count)."""
  totalCount: Int!
}

"""A consumer within a page."""
type ConsumerEdge {
  """Its cursor."""
  cursor: String!
  """The consumer."""
  node: Consumer!
}

"""A feature to declare."""
input DeclareFeatureInput {
  """Name of the project, which must exist."""
  project: String!
  """Name of the feature."""
  name: String!
  """Who answers for it."""
  owner: String!
  """How far it may be relied on."""
  status: FeatureStatus = ACTIVE
  """What it means."""
  description: String
  """Where it comes from."""
  source: FeatureSourceInput
}

"""Where a feature comes from."""
input FeatureSourceInput {
  """Name of the data set."""
  dataset: String!
  """Name of the column."""
  column: String!
}

"""The declared feature."""
type DeclareFeaturePayload {
  """The feature; null when it was refused."""
  feature: Feature
  """Why it was refused; empty when it was done."""
  userErrors: [UserError!]!
}

"""A model to declare."""
input DeclareModelInput {
  """Name of the project, which must exist."""
  project: String!
  """Name of the model."""
  name: String!
  """Its gates; they replace the ones before. Without this field they stay."""
  gates: [GateInput!]
}

"""A condition that a version must meet before an alias may point at it."""
input GateInput {
  """Its name, unique in the model."""
  name: String!
  """Metric of the run that made the version."""
  metric: String!
  """LESS, LESS_OR_EQUAL, GREATER or GREATER_OR_EQUAL."""
  comparison: Comparison!
  """With what, in the unit of the metric."""
  value: MetricValue!
}

"""The declared model."""
type DeclareModelPayload {
  """The model; null when it was refused."""
  model: Model
  """Why it was refused; empty when it was done."""
  userErrors: [UserError!]!
}

"""A version to register."""
input RegisterModelVersionInput {
  """Name of the project, which must exist."""
  project: String!
  """Name of the model; made when it is new."""
  model: String!
  """Global id of the run that made it, or its UUID."""
  runId: ID
  """Names of the features that it uses; names that no one declared become undeclared features."""
  features: [String!]
  """What it is."""
  description: String
}

"""The registered version."""
type RegisterModelVersionPayload {
  """The version; null when it was refused."""
  modelVersion: ModelVersion
  """Why it was refused; empty when it was done."""
  userErrors: [UserError!]!
}

"""An alias to point at a version."""
input SetModelAliasInput {
  """Name of the project."""
  project: String!
  """Name of the model."""
  model: String!
  """Name of the alias, such as production."""
  alias: String!
  """Number of the version, from 1."""
  version: Int!
}

"""The model after its alias was moved."""
type SetModelAliasPayload {
  """The model; null when it was refused."""
  model: Model
  """Why it was refused; empty when it was done."""
  userErrors: [UserError!]!
}

"""A version that serves somewhere."""
input DeployModelVersionInput {
  """Global id of the model version, or its UUID."""
  modelVersionId: ID!
  """Name of the environment, such as production."""
  environment: String!
  """Where it answers."""
  url: String
}

"""The deployment."""
type DeployModelVersionPayload {
  """The deployment; null when it was refused."""
  deployment: Deployment
  """Why it was refused; empty when it was done."""
  userErrors: [UserError!]!
}

"""A consumer to declare."""
input DeclareConsumerInput {
  """Name of the project, which must exist."""
  project: String!
  """Name of the consumer."""
  name: String!
  """Who answers for it."""
  owner: String!
  """How to reach the owner."""
  contact: String
  """What it does with it."""
  purpose: String
  """Global ids (or UUIDs) of the deployments, model versions or data sets that it reads."""
  consumes: [ID!]!
  """Names of the data sets that it writes to, which may close a feedback loop."""
  writes: [String!]
}

"""The declared consumer."""
type DeclareConsumerPayload {
  """The consumer; null when it was refused."""
  consumer: Consumer
  """Why it was refused; empty when it was done."""
  userErrors: [UserError!]!
}
`;
