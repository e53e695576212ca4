export { parseRunFilter } from "./parse-filter.js";
export { printRunFilter } from "./print-filter.js";
