export const liveTypeDefs = /* GraphQL */ `
extend type Subscription {
  """
  The run now, and again whenever something of it is recorded: status, tags, note, components, metrics. Changes that follow
  each other quickly come as one.
  """
  runChanged(
    """Global id of the run, or its UUID."""
    id: ID!
  ): Run!
  """Ids of runs of which something was recorded, as it happens; for lists that want to be fresh."""
  runsChanged(
    """Only runs of the project with this name."""
    project: String
  ): RunsChanged!
  """Points of a run from now on, as they are recorded."""
  metricPoints(
    """Global id of the run, or its UUID."""
    id: ID!
    """Only metrics with these names."""
    names: [String!]
  ): [MetricPoints!]!
}

"""Runs of which something was recorded."""
type RunsChanged {
  """Their global ids."""
  runIds: [ID!]!
}

"""New points of one metric in columns of equal length, in the order in which they were logged."""
type MetricPoints {
  """Name of the metric."""
  name: String!
  """Step of each point (the program's own count)."""
  steps: [Float!]!
  """Moment of each point."""
  times: [DateTime!]!
  """Value of each point, in the unit of the metric."""
  values: [MetricValue!]!
}
`;
