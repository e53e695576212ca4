import { type ComponentName, DeepwrightError, type Leaf } from "@deepwright/core";
import type { SqlExecutor } from "@deepwright/store";
import { readLeaf, sqlNodeReader } from "../components/index.js";
import type { Comparison, MetricAggregate, RunFilter } from "../contract/index.js";
import { indexKey, leafText } from "../db/index-key.js";
import type { Parameters } from "../ingest/parameters.js";
import { meets } from "./leaf-condition.js";

type Condition = Extract<RunFilter, { component: ComponentName }>;

/** Root hashes of a component's trees that meet a condition on one of its leaves. */
export type MeetingRoots = ReadonlyMap<Condition, readonly string[]>;

const depthLimit = 100;

/**
 * Finds the trees that meet the conditions on components other than the configuration. Runs share trees, so the distinct
 * trees of the runs are few where a search makes sense, and one leaf is found in all of them in a handful of reads.
 */
export async function findMeetingRoots(
  executor: Pick<SqlExecutor, "query">,
  filter: RunFilter | undefined,
  project: string | undefined,
): Promise<MeetingRoots> {
  const found = new Map<Condition, readonly string[]>();
  const reader = sqlNodeReader(executor);
  for (const condition of filter === undefined ? [] : treeConditions(filter, 0)) {
    const column = `${condition.component}_root`;
    const rows = await executor.query<{ root: string }>(
      `select distinct r.${column} as root from lineage_run r join lineage_project p on p.id = r.project_id
       where r.${column} is not null and ($1::text is null or p.name = $1)`,
      [project ?? null],
    );
    const leaves = await readLeaf(
      reader,
      rows.map((row) => row.root),
      condition.path,
    );
    found.set(
      condition,
      [...leaves].flatMap(([root, leaf]) => (meets(leaf, condition.op, condition.value) ? [root] : [])),
    );
  }
  return found;
}

function treeConditions(filter: RunFilter, depth: number): Condition[] {
  if (depth > depthLimit) throw tooDeep();
  if ("and" in filter) return filter.and.flatMap((part) => treeConditions(part, depth + 1));
  if ("or" in filter) return filter.or.flatMap((part) => treeConditions(part, depth + 1));
  if ("not" in filter) return treeConditions(filter.not, depth + 1);
  return "component" in filter && filter.component !== "configuration" ? [filter] : [];
}

/** Turns a filter into a condition on `lineage_run r`; every value becomes a parameter. */
export function compileFilter(filter: RunFilter, roots: MeetingRoots, parameters: Parameters): string {
  if ("and" in filter) return join(filter.and, "and", "true", roots, parameters);
  if ("or" in filter) return join(filter.or, "or", "false", roots, parameters);
  if ("not" in filter) return `not ${compileFilter(filter.not, roots, parameters)}`;
  if ("metric" in filter) return metricCondition(filter, parameters);
  if ("component" in filter) {
    if (filter.component === "configuration") return configurationCondition(filter, parameters);
    const meeting = parameters.add(roots.get(filter) ?? []);
    return `coalesce(r.${filter.component}_root = any(${meeting}::text[]), false)`;
  }
  if ("tag" in filter) return tagCondition(filter, parameters);
  if ("status" in filter) return `(r.status = ${parameters.add(filter.status)})`;
  if ("startedAfterMs" in filter) return `(r.started_at_ms > ${parameters.add(filter.startedAfterMs)}::float8)`;
  if ("startedBeforeMs" in filter) return `(r.started_at_ms < ${parameters.add(filter.startedBeforeMs)}::float8)`;
  return textCondition(filter.text, parameters);
}

function join(
  parts: readonly RunFilter[],
  keyword: string,
  empty: string,
  roots: MeetingRoots,
  parameters: Parameters,
): string {
  if (parts.length === 0) return empty;
  return `(${parts.map((part) => compileFilter(part, roots, parameters)).join(` ${keyword} `)})`;
}

export function metricColumn(aggregate: MetricAggregate | undefined): string {
  return `${aggregate ?? "last"}_value`;
}

/** Runs without the metric never meet it, also not `!=`. NaN equals NaN and is neither below nor above anything. */
function metricCondition(
  filter: {
    readonly metric: string;
    readonly aggregate?: MetricAggregate;
    readonly op: Comparison;
    readonly value: number;
  },
  parameters: Parameters,
): string {
  const column = `f.${metricColumn(filter.aggregate)}`;
  const comparison = numberCondition(column, filter.op, filter.value, parameters);
  const name = parameters.add(filter.metric);
  return `exists (select 1 from lineage_metric f where f.run_id = r.id and f.name = ${name} and ${comparison})`;
}

function numberCondition(column: string, op: Comparison, value: number, parameters: Parameters): string {
  const ordering = op !== "=" && op !== "!=";
  if (ordering && Number.isNaN(value)) return "false";
  const comparison = `${column} ${op === "!=" ? "<>" : op} ${parameters.add(value)}::float8`;
  return ordering ? `(${comparison} and ${column} <> 'NaN')` : comparison;
}

/** Meets when a leaf with that path, or with that name (`configurationName`), does. */
function configurationCondition(
  filter: { readonly path: string; readonly op: Comparison; readonly value: Leaf },
  parameters: Parameters,
): string {
  const path = parameters.add(indexKey(filter.path));
  const name = parameters.add(indexKey(filter.path.replaceAll("/", ".")));
  return `exists (select 1 from lineage_configuration_leaf f where f.run_id = r.id
    and (f.path = ${path} or f.name = ${name}) and ${leafComparison(filter.op, filter.value, parameters)})`;
}

function leafComparison(op: Comparison, value: Leaf, parameters: Parameters): string {
  if (typeof value === "number") {
    const comparison = numberCondition("f.value_number", op, value, parameters);
    return op === "!=" ? `(f.value_number is null or ${comparison})` : comparison;
  }
  const text = parameters.add(indexKey(leafText(value)));
  return `f.value_text collate "C" ${op === "!=" ? "<>" : op} ${text}::text`;
}

function tagCondition(
  filter: { readonly tag: string; readonly op: "=" | "!="; readonly value: string },
  parameters: Parameters,
): string {
  if (filter.op === "=") {
    const tags = Object.defineProperty({}, filter.tag, { value: filter.value, enumerable: true });
    return `(r.tags @> ${parameters.add(JSON.stringify(tags))}::text::jsonb)`;
  }
  return `coalesce(r.tags ->> ${parameters.add(filter.tag)}::text <> ${parameters.add(filter.value)}::text, false)`;
}

/** Every word occurs somewhere in the name, note, tags or command; upper and lower case are one. */
function textCondition(text: string, parameters: Parameters): string {
  const words = text.split(/\s+/).filter((word) => word !== "");
  if (words.length === 0) return "true";
  const haystack = "lower(concat_ws(' ', r.name, r.note, r.tags::text, r.command_json))";
  const conditions = words.map((word) => `strpos(${haystack}, lower(${parameters.add(word)}::text)) > 0`);
  return `(${conditions.join(" and ")})`;
}

function tooDeep(): DeepwrightError {
  return new DeepwrightError({
    code: "INVALID_FILTER",
    expected: `a filter of at most ${depthLimit} levels`,
    got: "a deeper one",
    todo: "Write the filter with fewer nested lists.",
  });
}
