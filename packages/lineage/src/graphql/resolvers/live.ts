import { DeepwrightError, type RunId } from "@deepwright/core";
import type { Run } from "../../contract/index.js";
import { toGlobalId } from "../base/global-id.js";
import type { LineageContext, SliceContext } from "../context.js";
import { cancellable } from "../live/cancellable.js";
import { openRunChanges } from "../live/run-changes.js";
import { historyKeyText, loadHistories, loadRuns } from "../loaders/runs.js";
import { runIdOf } from "./arguments.js";

/** Read past the request's loaders, which keep what they have once read. */
async function freshRun({ store }: LineageContext, id: RunId): Promise<Run> {
  const run = (await loadRuns(store, [id])).get(id);
  if (run) return run;
  throw new DeepwrightError({
    code: "RUN_NOT_FOUND",
    kind: "not-found",
    expected: "the id of a recorded run",
    got: JSON.stringify(id),
    todo: "List the runs with the query runs.",
  });
}

async function* watchRun(context: LineageContext, id: RunId, signal: AbortSignal) {
  const changes = await openRunChanges(context.store, (changed) => changed === id, signal);
  try {
    yield { runChanged: await freshRun(context, id) };
    for await (const _ of changes) yield { runChanged: await freshRun(context, id) };
  } finally {
    await changes.close();
  }
}

async function* watchRuns(context: LineageContext, project: string | null | undefined, signal: AbortSignal) {
  const changes = await openRunChanges(context.store, () => true, signal);
  try {
    for await (const changed of changes) {
      const runs = [...(await loadRuns(context.store, [...changed])).values()];
      const wanted = typeof project === "string" ? runs.filter((run) => run.project === project) : runs;
      if (wanted.length > 0) yield { runsChanged: { runIds: wanted.map((run) => toGlobalId("Run", run.id)) } };
    }
  } finally {
    await changes.close();
  }
}

type Counts = Map<string, number>;

function grownMetrics(run: Run, names: readonly string[] | null | undefined, seen: Counts): string[] {
  return Object.entries(run.metrics)
    .filter(([name, { count }]) => (!names || names.includes(name)) && count > (seen.get(name) ?? 0))
    .map(([name]) => name);
}

async function* watchMetrics(
  context: LineageContext,
  id: RunId,
  names: readonly string[] | null | undefined,
  signal: AbortSignal,
) {
  const changes = await openRunChanges(context.store, (changed) => changed === id, signal);
  try {
    const seen: Counts = new Map();
    const first = await freshRun(context, id);
    for (const [name, { count }] of Object.entries(first.metrics)) seen.set(name, count);
    for await (const _ of changes) {
      const grown = grownMetrics(await freshRun(context, id), names, seen);
      const metricPoints = await newPoints(context, id, grown, seen);
      if (metricPoints.length > 0) yield { metricPoints };
    }
  } finally {
    await changes.close();
  }
}

/** Points after those that were seen, and moves what was seen. */
async function newPoints(context: LineageContext, id: RunId, names: readonly string[], seen: Counts) {
  if (names.length === 0) return [];
  const keys = names.map((name) => ({ runId: id, name, maxPoints: Number.MAX_SAFE_INTEGER }));
  const histories = await loadHistories(context.store, keys);
  return keys.flatMap((key) => {
    const history = histories.get(historyKeyText(key));
    const from = seen.get(key.name) ?? 0;
    if (!history || history.values.length <= from) return [];
    seen.set(key.name, history.values.length);
    const { name, steps, timesMs, values } = history;
    return [{ name, steps: steps.slice(from), times: timesMs.slice(from), values: values.slice(from) }];
  });
}

interface RunArguments {
  readonly id: string;
}

export const liveResolvers = {
  Subscription: {
    runChanged: {
      subscribe: (_: never, { id }: RunArguments, { lineage }: SliceContext) => {
        const runId = runIdOf(id);
        return cancellable((signal) => watchRun(lineage, runId, signal));
      },
    },
    runsChanged: {
      subscribe: (_: never, { project }: { readonly project?: string | null }, { lineage }: SliceContext) =>
        cancellable((signal) => watchRuns(lineage, project, signal)),
    },
    metricPoints: {
      subscribe: (
        _: never,
        { id, names }: RunArguments & { readonly names?: readonly string[] | null },
        { lineage }: SliceContext,
      ) => {
        const runId = runIdOf(id);
        return cancellable((signal) => watchMetrics(lineage, runId, names, signal));
      },
    },
  },
};
