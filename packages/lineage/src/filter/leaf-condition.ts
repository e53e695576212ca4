import type { Leaf } from "@deepwright/core";
import type { Comparison } from "../contract/index.js";
import { leafNumber, leafText } from "../db/index-key.js";

/**
 * Whether a leaf meets a condition. A number is compared with leaves that are numbers or read as one (`"0.1"` of a command
 * line); anything else is compared as text, so `true` meets `"true"`. NaN equals NaN and is neither below nor above
 * anything. The configuration's condition in SQL means the same.
 */
export function meets(leaf: Leaf, op: Comparison, value: Leaf): boolean {
  if (typeof value !== "number") return compare(leafText(leaf), op, leafText(value));
  const number = leafNumber(leaf);
  if (number === null) return op === "!=";
  if (Number.isNaN(number) || Number.isNaN(value)) {
    const equal = Number.isNaN(number) && Number.isNaN(value);
    return op === "=" ? equal : op === "!=" ? !equal : false;
  }
  return compare(number, op, value);
}

function compare<T extends string | number>(left: T, op: Comparison, right: T): boolean {
  switch (op) {
    case "=":
      return left === right;
    case "!=":
      return left !== right;
    case "<":
      return left < right;
    case "<=":
      return left <= right;
    case ">":
      return left > right;
    case ">=":
      return left >= right;
  }
}
