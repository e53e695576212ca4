export {
  blobId,
  type ContentRequest,
  type ContentSource,
  defaultContentSource,
  storedContent,
} from "./content-source.js";
export { type DiffRunsOptions, diffRuns } from "./diff-runs.js";
export { formatLeaf } from "./format-leaf.js";
export { revertHunks } from "./hunks.js";
export { isSeed } from "./seeds.js";
export { versionDistance } from "./version-distance.js";
