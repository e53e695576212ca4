export type { ProofProgress, ProveOptions } from "./options.js";
export { prove } from "./prove.js";
