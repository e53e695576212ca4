/** The four sections of the ML Test Score. */
export const readinessSections = ["data", "model", "infrastructure", "monitoring"] as const;
export type ReadinessSection = (typeof readinessSections)[number];

/** One of the 28 tests. */
export interface ReadinessTest {
  /** `data-1` .. `monitoring-7`, in the order of the paper. */
  readonly id: string;
  readonly section: ReadinessSection;
  readonly title: string;
  /** What to do to earn the point, as one imperative sentence. */
  readonly todo: string;
}

function section(name: ReadinessSection, tests: readonly (readonly [title: string, todo: string])[]): ReadinessTest[] {
  return tests.map(([title, todo], index) => ({ id: `${name}-${index + 1}`, section: name, title, todo }));
}

/**
 * The tests of the ML Test Score in its order.
 *
 * Source: E. Breck, S. Cai, E. Nielsen, M. Salib, D. Sculley, "The ML Test Score: A Rubric for ML Production Readiness
 * and Technical Debt Reduction", IEEE Big Data 2017, sections II to V (tables I to IV).
 */
export const readinessTests: readonly ReadinessTest[] = [
  ...section("data", [
    [
      "Feature expectations are captured in a schema",
      "Write the expectations on the features as a suite and run it on every version of the data.",
    ],
    ["All features are beneficial", "Train without each feature (or group of features) and record what it costs."],
    ["No feature's cost is too much", "Record latency, memory and upkeep of each feature beside what it brings."],
    ["Features adhere to meta-level requirements", "Check the features against the list of what may be used."],
    [
      "The data pipeline has appropriate privacy controls",
      "Check who can read personal data, and test that access and erasure work.",
    ],
    ["New features can be added quickly", "Record how long the last feature took from idea to production."],
    ["All input feature code is tested", "Write unit tests for the code of every feature."],
  ]),
  ...section("model", [
    ["Model specifications are reviewed and checked in", "Train only from committed source that somebody reviewed."],
    ["Offline and online metrics correlate", "Compare the offline metric with the effect seen in an A/B test."],
    ["All hyperparameters have been tuned", "Run a study over the hyperparameters and record it."],
    ["The impact of model staleness is known", "Measure today's data with models of last week, month and year."],
    ["A simpler model is not better", "Train a simple baseline on the same data and tag its run `role=baseline`."],
    ["Model quality is sufficient on important data slices", "Record the objective for each important slice."],
    [
      "The model is tested for considerations of inclusion",
      "Test whether the model treats groups of people alike where it should.",
    ],
  ]),
  ...section("infrastructure", [
    ["Training is reproducible", "Repeat a run with the same six components and compare its metrics."],
    [
      "Model specifications are unit tested",
      "Test the model code on small inputs, such as one step that lowers the loss.",
    ],
    ["The pipeline is integration tested", "Run the whole pipeline on a small sample in continuous integration."],
    ["Model quality is validated before serving", "Give the model gates, so that an alias moves only when they pass."],
    ["The model can be debugged step by step", "Step one example through the model and keep the record."],
    ["Models are canaried before serving", "Deploy to an environment named `canary` before `production`."],
    ["Serving models can be rolled back", "Move an alias back to an earlier version once, as a drill."],
  ]),
  ...section("monitoring", [
    [
      "Dependency changes result in notification",
      "Watch packages, drivers, and upstream data for changes and tell the owners.",
    ],
    ["Data invariants hold for inputs", "Check live inputs against the expectations that the training data met."],
    ["Training and serving are not skewed", "Compute the same rows by both paths and compare them."],
    ["Models are not too stale", "Watch the age of the served version and of its data."],
    ["Models are numerically stable", "Watch for NaN and infinities in training and serving."],
    [
      "Computing performance has not regressed",
      "Watch training time, throughput, latency and memory from version to version.",
    ],
    ["Prediction quality has not regressed", "Watch the quality of predictions on live data."],
  ]),
];
