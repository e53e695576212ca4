import { type ComponentName, componentNames, DeepwrightError, type Fact, type RunId } from "@deepwright/core";
import { readComponent } from "../../components/index.js";
import type { MetricSummary, ProjectSummary, Run, RunSearch } from "../../contract/index.js";
import {
  type Connection,
  type ConnectionArguments,
  listConnection,
  pageConnection,
  pageSize,
} from "../base/connection.js";
import { type LineageContext, nullWhen, type SliceContext } from "../context.js";
import { type RunFilterArgument, type RunOrderArgument, runFilter, runIdOf, runOrder } from "./arguments.js";
import { connectionFields, globalId, property } from "./fields.js";

interface RunListArguments extends ConnectionArguments {
  readonly project?: string | null;
  readonly filter?: RunFilterArgument | null;
  readonly orderBy?: RunOrderArgument | null;
  readonly includeArchived?: boolean | null;
  readonly purposes?: readonly ("user" | "proof")[] | null;
}

async function runConnection({ runs }: LineageContext, list: RunListArguments): Promise<Connection<Run>> {
  const filter = runFilter(list.filter);
  const order = runOrder(list.orderBy);
  const which = {
    ...(typeof list.project === "string" ? { project: list.project } : {}),
    ...(filter ? { filter } : {}),
    ...(list.includeArchived ? { includeArchived: true } : {}),
    ...(list.purposes ? { purposes: list.purposes } : {}),
  };
  const search: RunSearch = {
    ...which,
    ...(order ? { order } : {}),
    first: pageSize(list.first),
    ...(typeof list.after === "string" ? { after: list.after } : {}),
  };
  return pageConnection(await runs.searchRuns(search), list.after, () => runs.countRuns(which));
}

interface Metric extends MetricSummary {
  readonly name: string;
  readonly runId: RunId;
}

function metricsOf(run: Run, names: readonly string[] | null | undefined): Metric[] {
  return (names ?? Object.keys(run.metrics).sort()).flatMap((name): Metric[] => {
    const summary = Object.hasOwn(run.metrics, name) ? run.metrics[name] : undefined;
    return summary ? [{ name, runId: run.id, ...summary }] : [];
  });
}

interface Component {
  readonly name: ComponentName;
  readonly hash: string | null;
}

const componentOf = (run: Run, name: ComponentName): Component => ({ name, hash: run.components[name] });

async function projectOf({ loaders }: LineageContext, run: Run): Promise<ProjectSummary> {
  const found = (await loaders.projects()).find((project) => project.id === run.projectId);
  return found ?? { id: run.projectId, name: run.project, runCount: 0, proofRunCount: 0 };
}

function refuseLimit(name: string, value: number, high: number): number {
  if (Number.isInteger(value) && value >= 1 && value <= high) return value;
  throw new DeepwrightError({
    code: "INVALID_LIMIT",
    expected: `${name} from 1 to ${high}`,
    got: String(value),
    todo: "Ask for fewer.",
  });
}

async function componentEntries(
  { loaders }: LineageContext,
  component: Component,
  { prefix, first }: { readonly prefix?: string | null; readonly first?: number | null },
) {
  const limit = refuseLimit("first", first ?? 1000, 10_000);
  const leaves = await readComponent(loaders.nodes, component.hash, prefix ?? "");
  return Object.entries(leaves)
    .slice(0, limit)
    .map(([path, value]) => ({ path, value }));
}

const factArguments = (kind: string | null | undefined) => kind ?? "";

export const runResolvers = {
  Query: {
    run: (_: never, { id }: { readonly id: string }, { lineage }: SliceContext) =>
      lineage.loaders.run.load(runIdOf(id)),
    resolveRun: (
      _: never,
      { reference, project }: { readonly reference: string; readonly project?: string | null },
      { lineage }: SliceContext,
    ) =>
      nullWhen(
        lineage.runs.resolveRun({ reference, ...(typeof project === "string" ? { project } : {}) }),
        "RUN_NOT_FOUND",
      ),
    runs: (_: never, list: RunListArguments, { lineage }: SliceContext) => runConnection(lineage, list),
    projects: async (_: never, list: ConnectionArguments, { lineage }: SliceContext) =>
      listConnection(await lineage.loaders.projects(), list, (project) => project.name),
    project: async (_: never, { name }: { readonly name: string }, { lineage }: SliceContext) =>
      (await lineage.loaders.projects()).find((project) => project.name === name) ?? null,
  },
  RunConnection: connectionFields,
  ProjectConnection: connectionFields,
  Project: {
    id: globalId("Project"),
    runs: (project: ProjectSummary, list: ConnectionArguments, { lineage }: SliceContext) =>
      runConnection(lineage, { ...list, project: project.name }),
    facts: (project: ProjectSummary, { kind }: { readonly kind?: string | null }, { lineage }: SliceContext) =>
      lineage.loaders.facts.load({ entityKind: "project", entityId: project.id, kind: factArguments(kind) }),
  },
  Run: {
    id: globalId("Run"),
    uuid: property("id"),
    projectName: property("project"),
    project: (run: Run, _: never, { lineage }: SliceContext) => projectOf(lineage, run),
    startedAt: property("startedAtMs"),
    endedAt: property("endedAtMs"),
    heartbeatAt: property("heartbeatAtMs"),
    duration: (run: Run) => run.durationMs ?? (run.endedAtMs === null ? null : run.endedAtMs - run.startedAtMs),
    objectiveValue: (run: Run) => (run.objective && run.metrics[run.objective.metric]?.last) ?? null,
    parent: (run: Run, _: never, { lineage }: SliceContext) =>
      run.parentRunId && lineage.loaders.run.load(run.parentRunId),
    tags: (run: Run) =>
      Object.keys(run.tags)
        .sort()
        .map((key) => ({ key, value: run.tags[key] })),
    metrics: (run: Run, { names }: { readonly names?: readonly string[] | null }) => metricsOf(run, names),
    components: (run: Run) => componentNames.map((name) => componentOf(run, name)),
    component: (run: Run, { name }: { readonly name: ComponentName }) => componentOf(run, name),
    facts: (run: Run, { kind }: { readonly kind?: string | null }, { lineage }: SliceContext) =>
      lineage.loaders.facts.load({ entityKind: "run", entityId: run.id, kind: factArguments(kind) }),
  },
  Metric: {
    history: (metric: Metric, { maxPoints }: { readonly maxPoints?: number | null }, { lineage }: SliceContext) =>
      lineage.loaders.history.load({
        runId: metric.runId,
        name: metric.name,
        maxPoints: refuseLimit("maxPoints", maxPoints ?? 1000, 100_000),
      }),
  },
  MetricHistory: { times: property("timesMs") },
  Component: {
    entries: (
      component: Component,
      list: { readonly prefix?: string | null; readonly first?: number | null },
      { lineage }: SliceContext,
    ) => componentEntries(lineage, component, list),
  },
  Fact: {
    recordedAt: (fact: Fact) => fact.recordedAtMs,
    expiresAt: (fact: Fact) => fact.expiresAtMs,
  },
};
