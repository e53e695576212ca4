export * from "./content-tables.js";
export * from "./graph-tables.js";
export * from "./metric-tables.js";
export * from "./registry-tables.js";
export * from "./run-tables.js";
