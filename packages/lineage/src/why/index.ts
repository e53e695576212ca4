export { attachProof } from "./attach-proof.js";
export { entryPoint, requireComparable } from "./comparable.js";
export { type ExplainOptions, explainRegression } from "./explain-regression.js";
export { formatMetric } from "./format-metric.js";
export { badness, directionOf, type ObjectiveChoice, resolveObjective } from "./objective.js";
export { readVerdict, recordVerdict, whyVerdictKind, whyVerdictSchema } from "./verdict-fact.js";
