import { type Clock, DeepwrightError, newId, parseJson, type RunId, refuseNul, stringifyJson } from "@deepwright/core";
import type { SqlExecutor, Store } from "@deepwright/store";
import type {
  Gate,
  GateResult,
  GraphService,
  MetricSummary,
  Model,
  ModelVersion,
  RunService,
} from "../contract/index.js";
import { nameEntities, notFound, requireProject } from "./entities.js";
import { ensureFeatures } from "./features.js";
import { addEdges, checkName, ensureProject, type NewEdge } from "./write.js";

type Input<Method extends keyof GraphService> = Parameters<GraphService[Method]>[0];

interface ModelRow {
  readonly id: string;
  readonly name: string;
  readonly gates_json: string;
  readonly rollback_count: number;
  readonly version_count: number;
  readonly aliases: Readonly<Record<string, number>>;
}

const modelQuery = `
  select m.id, m.name, m.gates_json, m.rollback_count,
    (select count(*)::int from lineage_model_version v where v.model_id = m.id) as version_count,
    coalesce((select jsonb_object_agg(a.alias, a.version) from lineage_model_alias a where a.model_id = m.id), '{}'::jsonb) as aliases
  from lineage_model m where m.project_id = $1 and ($2::text is null or m.name = $2) order by m.name`;

async function readModels(
  store: SqlExecutor,
  project: string,
  projectId: string,
  name: string | null,
): Promise<Model[]> {
  const rows = await store.query<ModelRow>(modelQuery, [projectId, name]);
  return rows.map((row) => ({
    id: row.id,
    project,
    name: row.name,
    gates: parseJson<Gate[]>(row.gates_json),
    aliases: row.aliases,
    versionCount: row.version_count,
    rollbackCount: row.rollback_count,
  }));
}

async function requireModel(store: SqlExecutor, project: string, projectId: string, name: string): Promise<Model> {
  const [model] = await readModels(store, project, projectId, name);
  if (model) return model;
  throw notFound("MODEL_NOT_FOUND", `the name of a model of project ${project}`, name, "Declare the model first.");
}

async function ensureModel(store: SqlExecutor, clock: Clock, projectId: string, name: string): Promise<void> {
  checkName(name, "model");
  await store.query(
    "insert into lineage_model (id, project_id, name) values ($1, $2, $3) on conflict (project_id, name) do nothing",
    [newId<"model">(clock), projectId, name],
  );
}

export async function declareModel(store: Store, clock: Clock, input: Input<"declareModel">): Promise<Model> {
  for (const gate of input.gates ?? []) checkName(gate.name, "gate");
  return store.transaction(async (transaction) => {
    const projectId = await ensureProject(transaction, input.project, clock);
    await ensureModel(transaction, clock, projectId, input.name);
    if (input.gates) {
      await transaction.query("update lineage_model set gates_json = $3 where project_id = $1 and name = $2", [
        projectId,
        input.name,
        stringifyJson(input.gates),
      ]);
    }
    return requireModel(transaction, input.project, projectId, input.name);
  });
}

export async function listModels(store: SqlExecutor, project: string): Promise<readonly Model[]> {
  return readModels(store, project, await requireProject(store, project), null);
}

interface VersionRow {
  readonly id: string;
  readonly model_id: string;
  readonly model: string;
  readonly version: number;
  readonly run_id: string | null;
  readonly created_at_ms: number;
  readonly description: string;
  readonly aliases: readonly string[] | null;
}

async function readVersions(store: SqlExecutor, where: string, value: string): Promise<ModelVersion[]> {
  const rows = await store.query<VersionRow>(
    `select v.id, v.model_id, m.name as model, v.version, v.run_id, v.created_at_ms, v.description,
       (select array_agg(a.alias order by a.alias) from lineage_model_alias a
        where a.model_id = v.model_id and a.version = v.version) as aliases
     from lineage_model_version v join lineage_model m on m.id = v.model_id where ${where} order by v.version desc`,
    [value],
  );
  return rows.map((row) => ({
    id: row.id,
    modelId: row.model_id,
    model: row.model,
    version: row.version,
    runId: row.run_id as RunId | null,
    createdAtMs: Number(row.created_at_ms),
    description: row.description,
    aliases: row.aliases ?? [],
  }));
}

export async function listModelVersions(store: SqlExecutor, modelId: string): Promise<readonly ModelVersion[]> {
  const versions = await readVersions(store, "v.model_id = $1", modelId);
  if (versions.length === 0 && (await nameEntities(store, [modelId])).get(modelId)?.kind !== "model") {
    throw notFound("MODEL_NOT_FOUND", "the id of a model", modelId, "List the models of the project.");
  }
  return versions;
}

/** Adds the next version of a model, with edges from its run, its features and its model. */
export async function registerModelVersion(
  store: Store,
  clock: Clock,
  input: Input<"registerModelVersion">,
): Promise<ModelVersion> {
  refuseNul(input.description ?? "", "the description of a model version");
  if (input.runId !== undefined && (await nameEntities(store, [input.runId])).get(input.runId)?.kind !== "run") {
    throw notFound("RUN_NOT_FOUND", "the id of a recorded run", input.runId, "List the runs with `deepwright runs`.");
  }
  return store.transaction(async (transaction) => {
    const projectId = await ensureProject(transaction, input.project, clock);
    await ensureModel(transaction, clock, projectId, input.model);
    // The row lock makes two registrations at once take turns, so that numbers have no gap and no double.
    const [model] = await transaction.query<{ id: string }>(
      "select id from lineage_model where project_id = $1 and name = $2 for update",
      [projectId, input.model],
    );
    const modelId = (model as { id: string }).id;
    const id = newId<"model-version">(clock);
    await transaction.query(
      `insert into lineage_model_version (id, model_id, version, run_id, description, created_at_ms)
       select $1, $2, coalesce(max(version), 0) + 1, $3, $4, $5 from lineage_model_version where model_id = $2`,
      [id, modelId, input.runId ?? null, input.description ?? "", clock.now()],
    );
    const features = await ensureFeatures(transaction, clock, projectId, input.features ?? []);
    const edges: NewEdge[] = [
      { fromKind: "model", from: modelId, toKind: "model-version", to: id, relation: "version" },
      ...features.map(
        (feature): NewEdge => ({
          fromKind: "feature",
          from: feature,
          toKind: "model-version",
          to: id,
          relation: "uses",
        }),
      ),
    ];
    if (input.runId)
      edges.push({ fromKind: "run", from: input.runId, toKind: "model-version", to: id, relation: "trained" });
    await addEdges(transaction, projectId, edges);
    const [version] = await readVersions(transaction, "v.id = $1", id);
    return version as ModelVersion;
  });
}

const comparisons: Record<Gate["op"], (actual: number, limit: number) => boolean> = {
  "<": (actual, limit) => actual < limit,
  "<=": (actual, limit) => actual <= limit,
  ">": (actual, limit) => actual > limit,
  ">=": (actual, limit) => actual >= limit,
};

/** Judges gates by the last value that the run logged; a missing metric and NaN fail. */
export function judgeGates(
  gates: readonly Gate[],
  metrics: Readonly<Record<string, MetricSummary>>,
): readonly GateResult[] {
  return gates.map((gate) => {
    const actual = metrics[gate.metric]?.last ?? null;
    return { gate, actual, passed: actual !== null && comparisons[gate.op](actual, gate.value) };
  });
}

async function gatesOfVersion(
  store: SqlExecutor,
  runs: RunService,
  version: ModelVersion,
): Promise<readonly GateResult[]> {
  const [row] = await store.query<{ gates_json: string }>("select gates_json from lineage_model where id = $1", [
    version.modelId,
  ]);
  const metrics = version.runId ? (await runs.getRun({ id: version.runId })).metrics : {};
  return judgeGates(parseJson<Gate[]>(row?.gates_json ?? "[]"), metrics);
}

export async function checkGates(
  store: SqlExecutor,
  runs: RunService,
  modelVersionId: string,
): Promise<readonly GateResult[]> {
  const [version] = await readVersions(store, "v.id = $1", modelVersionId);
  if (version) return gatesOfVersion(store, runs, version);
  throw notFound(
    "MODEL_VERSION_NOT_FOUND",
    "the id of a model version",
    modelVersionId,
    "List the versions of the model.",
  );
}

function refuseFailedGate(results: readonly GateResult[], model: string, version: number): void {
  const failed = results.filter((result) => !result.passed);
  if (failed.length === 0) return;
  const reasons = failed.map(
    ({ gate, actual }) =>
      `${gate.name}: ${gate.metric} ${actual ?? "was never logged"}, needs ${gate.op} ${gate.value}`,
  );
  throw new DeepwrightError({
    code: "GATE_FAILED",
    kind: "conflict",
    expected: `version ${version} of ${model} to pass its gates`,
    got: reasons.join("; "),
    todo: "Release a version that passes, or change the gates of the model where they are wrong.",
  });
}

/** Whether a version was ever deployed. */
async function hasServed(store: SqlExecutor, version: ModelVersion): Promise<boolean> {
  const rows = await store.query("select 1 from lineage_deployment where model_version_id = $1 limit 1", [version.id]);
  return rows.length > 0;
}

/**
 * Points an alias at a version whose gates pass; moving it back to an earlier version is counted as a rollback. Back to a
 * version that was deployed before, an alias moves whatever the gates say: it is good enough in an emergency.
 */
export async function setAlias(store: Store, runs: RunService, clock: Clock, input: Input<"setAlias">): Promise<Model> {
  checkName(input.alias, "alias");
  const projectId = await requireProject(store, input.project);
  const model = await requireModel(store, input.project, projectId, input.model);
  const version = (await listModelVersions(store, model.id)).find((entry) => entry.version === input.version);
  if (!version) {
    throw notFound(
      "MODEL_VERSION_NOT_FOUND",
      `a version of model ${input.model}`,
      String(input.version),
      "List the versions of the model.",
    );
  }
  const gates = await gatesOfVersion(store, runs, version);
  const served = await hasServed(store, version);
  return store.transaction(async (transaction) => {
    // The row lock makes two moves at once take turns, so that each sees where the other left the alias.
    await transaction.query("select id from lineage_model where id = $1 for update", [model.id]);
    const [alias] = await transaction.query<{ version: number }>(
      "select version from lineage_model_alias where model_id = $1 and alias = $2",
      [model.id, input.alias],
    );
    const rollback = alias !== undefined && input.version < alias.version;
    if (!(rollback && served)) refuseFailedGate(gates, input.model, input.version);
    await transaction.query(
      `insert into lineage_model_alias (model_id, alias, version, changed_at_ms) values ($1, $2, $3, $4)
       on conflict (model_id, alias) do update set version = excluded.version, changed_at_ms = excluded.changed_at_ms`,
      [model.id, input.alias, input.version, clock.now()],
    );
    if (rollback)
      await transaction.query("update lineage_model set rollback_count = rollback_count + 1 where id = $1", [model.id]);
    return requireModel(transaction, input.project, projectId, input.model);
  });
}
