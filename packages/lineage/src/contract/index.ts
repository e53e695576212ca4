export type * from "./diff.js";
export type * from "./events.js";
export type * from "./graph.js";
export type * from "./runs.js";
export type * from "./service.js";
export type * from "./why.js";
