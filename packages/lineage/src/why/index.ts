export { attachProof } from "./attach-proof.js";
export { type ExplainOptions, explainRegression } from "./explain-regression.js";
export { type ObjectiveChoice, resolveObjective } from "./objective.js";
export { readVerdict, recordVerdict, whyVerdictKind, whyVerdictSchema } from "./verdict-fact.js";
