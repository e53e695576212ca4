export { arrowBytes } from "./arrow-bytes.js";
export * as types from "./arrow-types.js";
export { arrowField } from "./arrow-types.js";
