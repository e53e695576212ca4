import { type Clock, type EntityKind, newId, refuseNul } from "@deepwright/core";
import type { SqlExecutor, Store } from "@deepwright/store";
import type { Consumer, Deployment, GraphService } from "../contract/index.js";
import { nameEntities, notFound, requireEntity, requireProject } from "./entities.js";
import { addEdges, checkName, ensureDataset, ensureProject, type NewEdge } from "./write.js";

type Input<Method extends keyof GraphService> = Parameters<GraphService[Method]>[0];

interface DeploymentRow {
  readonly id: string;
  readonly model_version_id: string;
  readonly environment: string;
  readonly url: string;
  readonly active: boolean;
  readonly started_at_ms: number;
}

async function readDeployments(store: SqlExecutor, projectId: string, id: string | null): Promise<Deployment[]> {
  const rows = await store.query<DeploymentRow>(
    `select id, model_version_id, environment, url, active, started_at_ms from lineage_deployment
     where project_id = $1 and ($2::uuid is null or id = $2) order by started_at_ms desc, id desc`,
    [projectId, id],
  );
  return rows.map((row) => ({
    id: row.id,
    modelVersionId: row.model_version_id,
    environment: row.environment,
    url: row.url,
    active: row.active,
    startedAtMs: Number(row.started_at_ms),
  }));
}

/** Records that a version serves in an environment from now on, in place of the model's version there before. */
export async function deploy(store: Store, clock: Clock, input: Input<"deploy">): Promise<Deployment> {
  checkName(input.environment, "environment");
  refuseNul(input.url ?? "", "the address of a deployment");
  const version = await requireEntity(store, input.modelVersionId);
  if (version.kind !== "model-version") {
    throw notFound(
      "MODEL_VERSION_NOT_FOUND",
      "the id of a model version",
      input.modelVersionId,
      "List the versions of the model.",
    );
  }
  return store.transaction(async (transaction) => {
    // The row lock makes two deployments at once take turns, so that one of them is active at the end.
    await transaction.query(
      `select id from lineage_model where id = (select model_id from lineage_model_version where id = $1) for update`,
      [input.modelVersionId],
    );
    await transaction.query(
      `update lineage_deployment set active = false where environment = $1 and model_version_id in (
         select v.id from lineage_model_version v
         where v.model_id = (select model_id from lineage_model_version where id = $2))`,
      [input.environment, input.modelVersionId],
    );
    const id = newId<"deployment">(clock);
    await transaction.query(
      `insert into lineage_deployment (id, project_id, model_version_id, environment, url, active, started_at_ms)
       values ($1, $2, $3, $4, $5, true, $6)`,
      [id, version.projectId, input.modelVersionId, input.environment, input.url ?? "", clock.now()],
    );
    await addEdges(transaction, version.projectId, [
      { fromKind: "model-version", from: input.modelVersionId, toKind: "deployment", to: id, relation: "serves" },
    ]);
    const [deployment] = await readDeployments(transaction, version.projectId, id);
    return deployment as Deployment;
  });
}

export async function listDeployments(store: SqlExecutor, project: string): Promise<readonly Deployment[]> {
  return readDeployments(store, await requireProject(store, project), null);
}

async function readConsumers(
  store: SqlExecutor,
  project: string,
  projectId: string,
  name: string | null,
): Promise<Consumer[]> {
  const rows = await store.query<Omit<Consumer, "project">>(
    `select id, name, owner, contact, purpose from lineage_consumer
     where project_id = $1 and ($2::text is null or name = $2) order by name`,
    [projectId, name],
  );
  return rows.map((row) => ({
    id: row.id,
    project,
    name: row.name,
    owner: row.owner,
    contact: row.contact,
    purpose: row.purpose,
  }));
}

/** What somebody can read from. */
const consumable: ReadonlySet<EntityKind> = new Set([
  "dataset",
  "dataset-version",
  "model",
  "model-version",
  "deployment",
]);

/** Declares who uses a deployment, a version or a data set; a second declaration replaces the first. */
export async function declareConsumer(store: Store, clock: Clock, input: Input<"declareConsumer">): Promise<Consumer> {
  checkName(input.name, "consumer");
  checkName(input.owner, "consumer's owner");
  refuseNul(`${input.contact ?? ""}${input.purpose ?? ""}`, "the contact and purpose of a consumer");
  const sources = await nameEntities(store, input.consumes);
  const missing = input.consumes.find((id) => !consumable.has(sources.get(id)?.kind ?? "project"));
  if (missing !== undefined) {
    throw notFound(
      "ENTITY_NOT_FOUND",
      "ids of deployments, model versions or data sets",
      missing,
      "Copy the ids from the lists of the project.",
    );
  }
  return store.transaction(async (transaction) => {
    const projectId = await ensureProject(transaction, input.project, clock);
    const [row] = await transaction.query<{ id: string }>(
      `insert into lineage_consumer (id, project_id, name, owner, contact, purpose) values ($1, $2, $3, $4, $5, $6)
       on conflict (project_id, name) do update
         set owner = excluded.owner, contact = excluded.contact, purpose = excluded.purpose
       returning id`,
      [newId<"consumer">(clock), projectId, input.name, input.owner, input.contact ?? "", input.purpose ?? ""],
    );
    const { id } = row as { id: string };
    await transaction.query(
      "delete from lineage_edge where (to_id = $1 and relation = 'consumes') or (from_id = $1 and relation = 'writes')",
      [id],
    );
    const edges = input.consumes.map(
      (source): NewEdge => ({
        fromKind: sources.get(source)?.kind ?? "deployment",
        from: source,
        toKind: "consumer",
        to: id,
        relation: "consumes",
      }),
    );
    for (const name of new Set(input.writes ?? [])) {
      const dataset = await ensureDataset(transaction, projectId, name, clock);
      edges.push({ fromKind: "consumer", from: id, toKind: "dataset", to: dataset, relation: "writes" });
    }
    await addEdges(transaction, projectId, edges);
    const [consumer] = await readConsumers(transaction, input.project, projectId, input.name);
    return consumer as Consumer;
  });
}

export async function listConsumers(store: SqlExecutor, project: string): Promise<readonly Consumer[]> {
  return readConsumers(store, project, await requireProject(store, project), null);
}
