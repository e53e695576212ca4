export { compareTrees } from "./compare-trees.js";
export { type NodeReader, sqlNodeReader } from "./node-reader.js";
export { readComponent, readLeaf } from "./read-tree.js";
export { updateTree } from "./update-tree.js";
