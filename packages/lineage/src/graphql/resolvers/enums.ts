/** `SAME_ROWS_OTHER_ORDER` for `same-rows-other-order`. */
type Upper<Value extends string> = Value extends `${infer Head}-${infer Tail}`
  ? `${Uppercase<Head>}_${Upper<Tail>}`
  : Uppercase<Value>;

/** Maps the names of a GraphQL enum to the values used inside. */
function enumOf<const Value extends string>(...values: readonly Value[]): Record<Upper<Value>, Value> {
  return Object.fromEntries(values.map((value) => [value.toUpperCase().replaceAll("-", "_"), value])) as Record<
    Upper<Value>,
    Value
  >;
}

/** Values inside of every enum of the slice whose names differ from them. */
export const enumResolvers = {
  RunStatus: enumOf("running", "finished", "failed", "cancelled", "lost"),
  RunPurpose: enumOf("user", "proof"),
  ComponentName: enumOf("hardware", "platform", "source", "configuration", "data", "model"),
  Direction: enumOf("minimize", "maximize"),
  SortDirection: enumOf("ascending", "descending"),
  Comparison: {
    EQUAL: "=",
    NOT_EQUAL: "!=",
    LESS: "<",
    LESS_OR_EQUAL: "<=",
    GREATER: ">",
    GREATER_OR_EQUAL: ">=",
  },
  MetricAggregate: enumOf("last", "min", "max", "mean"),
  DifferenceKind: enumOf(
    "source-hunk",
    "source-file",
    "configuration",
    "argument",
    "environment",
    "package",
    "platform",
    "hardware",
    "data",
    "model",
  ),
  DataVerdict: enumOf("same-rows-other-order", "other-rows", "other-columns", "same-content-elsewhere", "unknown"),
  Answer: enumOf("yes", "no", "cannot-tell"),
  EvidenceKind: enumOf("history", "reach", "mechanism", "prior", "proof"),
  ProofVerdict: enumOf("proven", "interaction", "noise", "not-reproduced", "undecided"),
  ProofDecision: enumOf("restored", "not-restored", "partly", "undecided", "failed"),
  LineageDirection: enumOf("upstream", "downstream"),
  EntityKind: enumOf(
    "project",
    "run",
    "dataset",
    "dataset-version",
    "feature",
    "model",
    "model-version",
    "deployment",
    "consumer",
    "check",
    "alert",
    "forecast",
    "budget",
  ),
  FeatureStatus: enumOf("experimental", "active", "deprecated"),
  ReadinessSection: enumOf("data", "model", "infrastructure", "monitoring"),
  ReadinessState: enumOf("passed", "failed", "expired", "missing"),
  ConfigurationDebtKind: enumOf("never-read", "never-varied", "duplicated", "contradictory", "dead-experimental-path"),
};
