import type { Leaf } from "@deepwright/core";
import type { RunFilter } from "../contract/index.js";
import { parseNumber } from "./parse-filter.js";

/**
 * Writes a filter as text that `parseRunFilter` reads back as the same value.
 *
 * @example
 * ```ts
 * import { printRunFilter } from "@deepwright/lineage";
 *
 * console.log(printRunFilter({ not: { or: [{ status: "failed" }, { tag: "team", op: "=", value: "x" }] } }));
 * // not (status = failed or tag.team = x)
 * ```
 */
export function printRunFilter(filter: RunFilter): string {
  if ("and" in filter) return printList("and", filter.and);
  if ("or" in filter) return printList("or", filter.or);
  if ("not" in filter) return `not ${printInner(filter.not)}`;
  if ("metric" in filter) {
    const metric = `metric.${printName(filter.metric)}`;
    const side = filter.aggregate === undefined ? metric : `${filter.aggregate}(${metric})`;
    return `${side} ${filter.op} ${printNumber(filter.value)}`;
  }
  if ("component" in filter) {
    const component = filter.component === "configuration" ? "config" : filter.component;
    return `${component}.${printName(filter.path)} ${filter.op} ${printLeaf(filter.value)}`;
  }
  if ("tag" in filter) return `tag.${printName(filter.tag)} ${filter.op} ${printName(filter.value)}`;
  if ("status" in filter) return `status = ${filter.status}`;
  if ("startedAfterMs" in filter) return `started > ${printMoment(filter.startedAfterMs)}`;
  if ("startedBeforeMs" in filter) return `started < ${printMoment(filter.startedBeforeMs)}`;
  return `text ~ ${JSON.stringify(filter.text)}`;
}

function printList(keyword: "and" | "or", filters: readonly RunFilter[]): string {
  // Lists of none and of one have no keyword between their parts; only the empty ones have a form of their own.
  if (filters.length === 0) return `(${keyword})`;
  return filters.map(printInner).join(` ${keyword} `);
}

function printInner(filter: RunFilter): string {
  const isList = ("and" in filter && filter.and.length > 0) || ("or" in filter && filter.or.length > 0);
  return isList ? `(${printRunFilter(filter)})` : printRunFilter(filter);
}

function printName(name: string): string {
  return /^[^\s"()=!<>~]+$/.test(name) ? name : JSON.stringify(name);
}

function printLeaf(leaf: Leaf): string {
  if (typeof leaf === "number") return printNumber(leaf);
  if (typeof leaf !== "string") return String(leaf);
  const readsAsOther = ["true", "false", "null"].includes(leaf) || parseNumber(leaf) !== undefined;
  return readsAsOther ? JSON.stringify(leaf) : printName(leaf);
}

function printNumber(value: number): string {
  return Object.is(value, -0) ? "-0" : String(value);
}

/** A whole millisecond within years 0 to 9999 as ISO 8601, anything else as a number. */
function printMoment(milliseconds: number): string {
  const readable = Number.isInteger(milliseconds) && milliseconds >= -6.2e13 && milliseconds <= 2.5e14;
  if (!readable || Object.is(milliseconds, -0)) return printNumber(milliseconds);
  const text = new Date(milliseconds).toISOString();
  return text.endsWith("T00:00:00.000Z") ? text.slice(0, 10) : text;
}
