export { compareTrees, type RootPair } from "./compare-trees.js";
export { type NodeReader, sqlNodeReader } from "./node-reader.js";
export { readComponent, readEntries, readLeaf } from "./read-tree.js";
export { type TreeChange, type TreeUpdate, updateTree } from "./update-tree.js";
