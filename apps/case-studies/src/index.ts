export type { EstForm } from "./est/project/form.js";
export { type EstOptions, type EstResult, type EstRun, runEst } from "./est/run-est.js";
export { proveSeedOnlyPairs, type SeedOnlyOptions, type SeedOnlyProof } from "./est/seed-only-pairs.js";
export { openWorkshop, type ProofChoice, type Workshop, type WorkshopOptions } from "./est/workshop.js";
