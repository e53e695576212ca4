import { type Clock, type ComponentName, componentNames, newId } from "@deepwright/core";
import type { SqlExecutor } from "@deepwright/store";
import { sqlNodeReader, updateTree } from "../components/index.js";
import type { Plan, RunDelta } from "./plan.js";
import type { PlanContext, Roots } from "./plan-context.js";

/** What this process knows of the database and need not ask again: things that never change once they are there. */
export class KnownRows {
  private readonly projectOfRun = new Map<string, string>();
  readonly projectIds = new Map<string, string>();

  projectIdOf(runId: string): string | undefined {
    return this.projectOfRun.get(runId);
  }

  addRun(runId: string, projectId: string): void {
    this.projectOfRun.set(runId, projectId);
    if (this.projectOfRun.size <= 100_000) return;
    const oldest = this.projectOfRun.keys().next();
    if (!oldest.done) this.projectOfRun.delete(oldest.value);
  }
}

/** Reads which of the runs exist, and remembers them. */
export async function lookUpRuns(
  executor: Pick<SqlExecutor, "query">,
  known: KnownRows,
  runIds: Iterable<string>,
): Promise<void> {
  const wanted = [...runIds].filter((id) => known.projectIdOf(id) === undefined);
  if (wanted.length === 0) return;
  const rows = await executor.query<{ id: string; project_id: string }>(
    "select id, project_id from lineage_run where id = any($1::uuid[])",
    [wanted],
  );
  for (const row of rows) known.addRun(row.id, row.project_id);
}

/** Gives the id of each project, making those that are new. An empty project that a failure leaves behind does no harm. */
async function resolveProjects(
  executor: Pick<SqlExecutor, "query">,
  known: KnownRows,
  names: readonly string[],
  clock: Clock,
): Promise<void> {
  const wanted = [...new Set(names)].filter((name) => !known.projectIds.has(name)).sort();
  if (wanted.length === 0) return;
  await executor.query(
    `insert into lineage_project (id, name, created_at_ms)
     select id, name, $3::bigint from unnest($1::uuid[], $2::text[]) as t(id, name) on conflict (name) do nothing`,
    [wanted.map(() => newId<"project">(clock)), wanted, Math.round(clock.now())],
  );
  const rows = await executor.query<{ id: string; name: string }>(
    "select id, name from lineage_project where name = any($1::text[])",
    [wanted],
  );
  for (const row of rows) known.projectIds.set(row.name, row.id);
}

/**
 * Reads what a plan needs: projects of new runs, and the component trees that change. Runs of the plan that are not known
 * and have a start are taken as new; the statement that writes the plan finds out if they are not.
 */
export async function preparePlan(
  executor: Pick<SqlExecutor, "query">,
  plan: Plan,
  known: KnownRows,
  clock: Clock,
): Promise<PlanContext> {
  const starts = [...plan.runs.values()].filter((run) => run.start && known.projectIdOf(run.runId) === undefined);
  await resolveProjects(
    executor,
    known,
    starts.map((run) => run.start?.project ?? ""),
    clock,
  );
  const newRuns = new Set<string>(starts.map((run) => run.runId));
  const projectIds = new Map<string, string>();
  for (const run of plan.runs.values()) {
    const projectId = newRuns.has(run.runId)
      ? known.projectIds.get(run.start?.project ?? "")
      : known.projectIdOf(run.runId);
    if (projectId !== undefined) projectIds.set(run.runId, projectId);
  }
  return { projectIds, newRuns, ...(await updateRoots(executor, [...plan.runs.values()], newRuns)) };
}

async function updateRoots(
  executor: Pick<SqlExecutor, "query">,
  runs: readonly RunDelta[],
  newRuns: ReadonlySet<string>,
): Promise<Pick<PlanContext, "rootsBefore" | "rootsAfter" | "nodes">> {
  const changing = runs.filter((run) => run.components.size > 0);
  const rootsBefore = await readRoots(
    executor,
    changing.filter((run) => !newRuns.has(run.runId)).map((run) => run.runId),
  );
  const rootsAfter = new Map<string, Roots>();
  const nodes = new Map<string, string>();
  const reader = sqlNodeReader(executor);
  for (const run of changing) {
    const roots: Record<ComponentName, string | null> = { ...(rootsBefore.get(run.runId) ?? noRoots) };
    for (const [component, delta] of run.components) {
      const update = await updateTree(reader, roots[component], delta);
      roots[component] = update.root;
      for (const [hash, body] of update.nodes) nodes.set(hash, body);
    }
    rootsAfter.set(run.runId, roots);
  }
  return { rootsBefore, rootsAfter, nodes };
}

const noRoots = Object.fromEntries(componentNames.map((name) => [name, null])) as Roots;

async function readRoots(executor: Pick<SqlExecutor, "query">, runIds: readonly string[]): Promise<Map<string, Roots>> {
  if (runIds.length === 0) return new Map();
  const rows = await executor.query<{ id: string } & Record<string, string | null>>(
    `select id, ${componentNames.map((name) => `${name}_root`).join(", ")} from lineage_run where id = any($1::uuid[])`,
    [runIds],
  );
  return new Map(
    rows.map((row) => [
      row.id,
      Object.fromEntries(componentNames.map((name) => [name, row[`${name}_root`] ?? null])) as Roots,
    ]),
  );
}
