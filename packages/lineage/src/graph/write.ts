import { type Clock, DeepwrightError, type EntityKind, newId, refuseNul } from "@deepwright/core";
import type { SqlExecutor } from "@deepwright/store";

export interface NewEdge {
  readonly fromKind: EntityKind;
  readonly from: string;
  readonly toKind: EntityKind;
  readonly to: string;
  readonly relation: string;
}

/** Adds edges; one that is there already stays as it is. */
export async function addEdges(store: SqlExecutor, projectId: string, edges: readonly NewEdge[]): Promise<void> {
  if (edges.length === 0) return;
  await store.insertColumns(
    "lineage_edge",
    {
      from_kind: { type: "text", values: edges.map((edge) => edge.fromKind) },
      from_id: { type: "uuid", values: edges.map((edge) => edge.from) },
      to_kind: { type: "text", values: edges.map((edge) => edge.toKind) },
      to_id: { type: "uuid", values: edges.map((edge) => edge.to) },
      relation: { type: "text", values: edges.map((edge) => edge.relation) },
      project_id: { type: "uuid", values: edges.map(() => projectId) },
    },
    { onConflict: "do nothing" },
  );
}

const nameLimit = 500;

/**
 * Checks a name that people give.
 *
 * @throws DeepwrightError `INVALID_NAME`, `TEXT_WITH_NUL`
 */
export function checkName(name: string, what: string): string {
  refuseNul(name, `the name of a ${what}`);
  if (name.trim() !== "" && name.length <= nameLimit) return name;
  throw new DeepwrightError({
    code: "INVALID_NAME",
    expected: `the name of a ${what} with 1 to ${nameLimit} characters`,
    got: name.length > nameLimit ? `${name.length} characters` : JSON.stringify(name),
    todo: "Give another name.",
  });
}

/** The id of a project, made if it is new. */
export async function ensureProject(store: SqlExecutor, name: string, clock: Clock): Promise<string> {
  checkName(name, "project");
  const [row] = await store.query<{ id: string }>(
    `with made as (
       insert into lineage_project (id, name, created_at_ms) values ($1, $2, $3) on conflict (name) do nothing returning id
     ) select id from made union all select id from lineage_project where name = $2 limit 1`,
    [newId<"project">(clock), name, clock.now()],
  );
  // Another process made it after this statement's snapshot was taken.
  if (!row) return ensureProject(store, name, clock);
  return row.id;
}

/** The id of a data set of a project, made if it is new. */
export async function ensureDataset(
  store: SqlExecutor,
  projectId: string,
  name: string,
  clock: Clock,
): Promise<string> {
  checkName(name, "data set");
  await store.query(
    `insert into lineage_dataset (id, project_id, name, uri, created_at_ms) values ($1, $2, $3, '', $4)
     on conflict (project_id, name) do nothing`,
    [newId<"dataset">(clock), projectId, name, clock.now()],
  );
  const [row] = await store.query<{ id: string }>(
    "select id from lineage_dataset where project_id = $1 and name = $2",
    [projectId, name],
  );
  return (row as { id: string }).id;
}
