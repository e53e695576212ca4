import { DeepwrightError, parseId, type RunId } from "@deepwright/core";
import type { Comparison, MetricAggregate, RunFilter, RunOrder } from "../../contract/index.js";
import { entityId } from "../base/global-id.js";

/** The run that an argument names by global id or UUID. @throws DeepwrightError `INVALID_ID` */
export const runIdOf = (globalId: string): RunId => parseId("run", entityId(globalId, "Run"));

/** `RunFilter` of the schema, after enums and scalars were read. Every field may be missing or null. */
export interface RunFilterArgument {
  readonly and?: readonly RunFilterArgument[] | null;
  readonly or?: readonly RunFilterArgument[] | null;
  readonly not?: RunFilterArgument | null;
  readonly metric?: {
    readonly name: string;
    readonly aggregate?: MetricAggregate | null;
    readonly comparison: Comparison;
    readonly value: number;
  } | null;
  readonly component?: {
    readonly component: "hardware" | "platform" | "source" | "configuration" | "data" | "model";
    readonly path: string;
    readonly comparison: Comparison;
    readonly value?: string | number | boolean | null;
  } | null;
  readonly tag?: { readonly key: string; readonly comparison?: Comparison | null; readonly value: string } | null;
  readonly status?: "running" | "finished" | "failed" | "cancelled" | "lost" | null;
  readonly startedAfter?: number | null;
  readonly startedBefore?: number | null;
  readonly text?: string | null;
}

function tagFilter(tag: NonNullable<RunFilterArgument["tag"]>): RunFilter {
  const op = tag.comparison ?? "=";
  if (op === "=" || op === "!=") return { tag: tag.key, op, value: tag.value };
  throw new DeepwrightError({
    code: "INVALID_FILTER",
    expected: "EQUAL or NOT_EQUAL for a tag",
    got: op,
    todo: "Tags are text; compare them for equality.",
  });
}

/** The filter of the contract; `undefined` when no condition is given. */
export function runFilter(argument: RunFilterArgument | null | undefined): RunFilter | undefined {
  if (!argument) return undefined;
  const { metric, component, tag, status, startedAfter, startedBefore, text, not } = argument;
  const all: RunFilter[] = [];
  const list = (items: readonly RunFilterArgument[]): RunFilter[] => items.flatMap((item) => runFilter(item) ?? []);
  if (argument.and) all.push(...list(argument.and));
  if (argument.or && argument.or.length > 0) all.push({ or: list(argument.or) });
  const negated = runFilter(not);
  if (negated) all.push({ not: negated });
  if (metric) {
    all.push({
      metric: metric.name,
      aggregate: metric.aggregate ?? "last",
      op: metric.comparison,
      value: metric.value,
    });
  }
  if (component) {
    const { path, comparison, value = null } = component;
    all.push({ component: component.component, path, op: comparison, value });
  }
  if (tag) all.push(tagFilter(tag));
  if (status) all.push({ status });
  if (typeof startedAfter === "number") all.push({ startedAfterMs: startedAfter });
  if (typeof startedBefore === "number") all.push({ startedBeforeMs: startedBefore });
  if (typeof text === "string") all.push({ text });
  return all.length > 1 ? { and: all } : all[0];
}

export interface RunOrderArgument {
  readonly metric?: string | null;
  readonly aggregate?: MetricAggregate | null;
  readonly direction?: "ascending" | "descending" | null;
}

export function runOrder(argument: RunOrderArgument | null | undefined): RunOrder | undefined {
  if (!argument) return undefined;
  const direction = argument.direction ?? "descending";
  if (typeof argument.metric !== "string") return { by: "started", direction };
  return { by: "metric", metric: argument.metric, aggregate: argument.aggregate ?? "last", direction };
}
