import { type Clock, type ComponentName, canonicalJson, componentNames, newId, sha256 } from "@deepwright/core";
import type { SqlExecutor } from "@deepwright/store";
import type { DatasetEvent } from "../contract/index.js";
import { configurationName, indexKey, leafNumber, leafText } from "../db/index-key.js";
import { encodePoints } from "../db/point-frame.js";
import { jsonColumn, Parameters } from "./parameters.js";
import type { OrphanEvent, Plan, RunDelta, SeriesDelta } from "./plan.js";

export type Roots = Readonly<Record<ComponentName, string | null>>;

/** What the database said before the plan is written; checked again by the statement that writes it. */
export interface PlanContext {
  /** Project of every run of the plan. */
  readonly projectIds: ReadonlyMap<string, string>;
  /** Runs that the plan makes. */
  readonly newRuns: ReadonlySet<string>;
  readonly rootsBefore: ReadonlyMap<string, Roots>;
  readonly rootsAfter: ReadonlyMap<string, Roots>;
  /** Tree nodes to store, hash -> text. */
  readonly nodes: ReadonlyMap<string, string>;
}

/** Channel on which a store tells that runs changed; the payload is a JSON list of run ids. */
export const runChannel = "lineage_run";
/** Ids a payload: far below the 7,900 bytes that it may have. */
const idsPerPayload = 150;
const heartbeatResolutionMs = 1000;

/**
 * Writes a plan in one statement, so one round trip and all or nothing: the positions of the logs, the runs, and all that
 * was logged. What was read before is checked by `lineage_require`, which fails the statement when another writer came
 * between. Gives the new runs for which orphaned events wait.
 */
export async function writePlan(
  executor: Pick<SqlExecutor, "query">,
  plan: Plan,
  context: PlanContext,
  clock: Clock,
): Promise<readonly string[]> {
  const writer = new PlanWriter(plan, context, clock);
  const rows = await executor.query<{ waiting: string[] | null }>(writer.text(), writer.parameters.values);
  return rows[0]?.waiting ?? [];
}

class PlanWriter {
  readonly parameters = new Parameters();
  private readonly parts: string[] = [];
  private readonly requirements: string[] = [];
  private readonly now: string;

  constructor(
    private readonly plan: Plan,
    private readonly context: PlanContext,
    private readonly clock: Clock,
  ) {
    this.now = `${this.parameters.add(Math.round(clock.now()))}::bigint`;
  }

  text(): string {
    const runs = [...this.plan.runs.values()];
    this.moveSources();
    this.insertRuns(runs.filter((run) => this.context.newRuns.has(run.runId)));
    this.updateRuns(runs.filter((run) => !this.context.newRuns.has(run.runId)));
    this.insertNodes();
    this.writeConfiguration(runs);
    this.writeMetrics(runs);
    this.insertFacts(runs);
    this.insertBlobs();
    this.insertDatasets(runs);
    this.writeOrphans();
    const waiting = this.context.newRuns.size === 0 ? "null::text[]" : this.selectWaiting();
    const outputs = [`${waiting} as waiting`, ...this.requirements.map((text) => `lineage_require(${text})`)];
    if (runs.length > 0) outputs.push(`(${this.notify(runs)})`);
    return `with ${this.parts.join(",\n")}\nselect ${outputs.join(", ")}`;
  }

  private part(name: string, sql: string): void {
    this.parts.push(`${name} as (${sql})`);
  }

  /** Requires that a part with `returning 1` touched exactly so many rows. */
  private require(part: string, count: number): void {
    this.requirements.push(`(select count(*) from ${part}) = ${this.parameters.add(count)}::bigint`);
  }

  private moveSources(): void {
    const sources = [...this.plan.sources].sort(([a], [b]) => (a < b ? -1 : 1));
    const ids = this.parameters.add(sources.map(([id]) => id));
    const from = this.parameters.add(sources.map(([, move]) => move.from));
    const to = this.parameters.add(sources.map(([, move]) => move.to));
    this.part(
      "moved",
      `insert into lineage_source as s (id, previous_position, position, updated_at_ms)
       select id, previous_position, position, ${this.now}
       from unnest(${ids}::text[], ${from}::bigint[], ${to}::bigint[]) as t(id, previous_position, position)
       on conflict (id) do update set previous_position = excluded.previous_position, position = excluded.position,
         updated_at_ms = excluded.updated_at_ms
       where s.position = excluded.previous_position
       returning 1`,
    );
    this.require("moved", sources.length);
  }

  private insertRuns(runs: readonly RunDelta[]): void {
    if (runs.length === 0) return;
    const rows = runs.map((run) => ({
      ...startColumns(run),
      ...endColumns(run),
      project_id: this.context.projectIds.get(run.runId),
      tags: Object.fromEntries(run.tags),
      ...rootColumns(this.context.rootsAfter.get(run.runId)),
    }));
    this.part(
      "made",
      `insert into lineage_run (id, project_id, name, status, purpose, command_json, started_at_ms, ended_at_ms,
         heartbeat_at_ms, exit_code, signal, location_json, objective_json, parent_run_id, recipe_json, tags,
         ${rootNames.join(", ")})
       select id, project_id, name, coalesce(status, 'running'), purpose, command_json, started_at_ms, ended_at_ms,
         ${this.now}, exit_code, signal, location_json, objective_json, parent_run_id, recipe_json, tags,
         ${rootNames.join(", ")}
       from json_to_recordset(${this.parameters.addRows(rows)}) as t(id uuid, project_id uuid, name text, status text,
         purpose text, command_json text, started_at_ms bigint, ended_at_ms bigint, exit_code int, signal text,
         location_json text, objective_json text, parent_run_id uuid, recipe_json text, tags jsonb, ${rootTypes("")})
       on conflict (id) do nothing returning 1`,
    );
    this.require("made", runs.length);
  }

  private updateRuns(runs: readonly RunDelta[]): void {
    const changed = runs.filter((run) => run.end || run.tags.size > 0 || this.context.rootsAfter.has(run.runId));
    const silent = runs.filter((run) => !changed.includes(run)).map((run) => run.runId);
    if (silent.length > 0) {
      this.part(
        "beat",
        `update lineage_run r set heartbeat_at_ms = ${this.now}, ${revival("null", "null::bigint")}
         from unnest(${this.parameters.add(silent)}::uuid[]) as t(id)
         where r.id = t.id and (r.heartbeat_at_ms < ${this.now} - ${heartbeatResolutionMs} or r.status = 'lost')`,
      );
    }
    if (changed.length === 0) return;
    const rows = changed.map((run) => ({
      id: run.runId,
      ...endColumns(run),
      ended: run.end !== undefined,
      tags: Object.fromEntries(run.tags),
      moved: this.context.rootsAfter.has(run.runId),
      ...rootColumns(this.context.rootsAfter.get(run.runId)),
      ...rootColumns(this.context.rootsBefore.get(run.runId), "old_"),
    }));
    this.part(
      "changed",
      `update lineage_run r set heartbeat_at_ms = ${this.now}, ${revival("t.status", "t.ended_at_ms")},
         exit_code = case when t.ended then t.exit_code else r.exit_code end,
         signal = case when t.ended then t.signal else r.signal end,
         tags = r.tags || t.tags,
         ${rootNames.map((name) => `${name} = case when t.moved then t.${name} else r.${name} end`).join(", ")}
       from json_to_recordset(${this.parameters.addRows(rows)}) as t(id uuid, status text, ended_at_ms bigint,
         exit_code int, signal text, ended boolean, tags jsonb, moved boolean, ${rootTypes("")}, ${rootTypes("old_")})
       where r.id = t.id and (not t.moved or (${rootNames
         .map((name) => `r.${name} is not distinct from t.old_${name}`)
         .join(" and ")}))
       returning 1`,
    );
    this.require("changed", changed.length);
  }

  private insertNodes(): void {
    if (this.context.nodes.size === 0) return;
    // Sorted, so that two writers of the same nodes wait for each other instead of deadlocking.
    const nodes = [...this.context.nodes].sort(([a], [b]) => (a < b ? -1 : 1));
    const hashes = this.parameters.add(nodes.map(([hash]) => hash));
    const bodies = this.parameters.add(nodes.map(([, body]) => body));
    this.part(
      "nodes",
      `insert into lineage_tree_node (hash, body) select * from unnest(${hashes}::text[], ${bodies}::text[])
       on conflict (hash) do nothing`,
    );
  }

  private writeConfiguration(runs: readonly RunDelta[]): void {
    const set: [runId: string, path: string, name: string, text: string, number: number | null][] = [];
    const remove: [runId: string, path: string][] = [];
    for (const run of runs) {
      const delta = run.components.get("configuration");
      for (const [path, leaf] of delta?.set ?? []) {
        set.push([
          run.runId,
          indexKey(path),
          indexKey(configurationName(path)),
          indexKey(leafText(leaf)),
          leafNumber(leaf),
        ]);
      }
      for (const path of delta?.remove ?? []) remove.push([run.runId, indexKey(path)]);
    }
    const column = <Row extends readonly unknown[], Index extends keyof Row>(rows: readonly Row[], index: Index) =>
      this.parameters.add(rows.map((row) => row[index] as string | number | null));
    if (set.length > 0) {
      this.part(
        "leaves",
        `insert into lineage_configuration_leaf (run_id, path, name, value_text, value_number)
         select * from unnest(${column(set, 0)}::uuid[], ${column(set, 1)}::text[], ${column(set, 2)}::text[],
           ${column(set, 3)}::text[], ${column(set, 4)}::float8[])
         on conflict (run_id, path) do update set name = excluded.name, value_text = excluded.value_text,
           value_number = excluded.value_number`,
      );
    }
    if (remove.length > 0) {
      this.part(
        "removed_leaves",
        `delete from lineage_configuration_leaf l
         using unnest(${column(remove, 0)}::uuid[], ${column(remove, 1)}::text[]) as t(run_id, path)
         where l.run_id = t.run_id and l.path = t.path`,
      );
    }
  }

  private writeMetrics(runs: readonly RunDelta[]): void {
    const series: { run: RunDelta; name: string; delta: SeriesDelta }[] = [];
    for (const run of runs) for (const [name, delta] of run.series) series.push({ run, name, delta });
    if (series.length === 0) return;
    const frames = series.map(({ delta }) => encodePoints(delta));
    let offset = 1;
    const offsets = frames.map((frame) => {
      const start = offset;
      offset += frame.byteLength;
      return start;
    });
    const column = (type: string, value: (item: (typeof series)[number]) => string | number) =>
      `${this.parameters.add(series.map(value))}::${type}[]`;
    const columns = [
      column("uuid", ({ run }) => run.runId),
      column("uuid", ({ run }) => this.context.projectIds.get(run.runId) ?? ""),
      column("text", ({ name }) => name),
      column("bigint", ({ delta }) => delta.values.length),
      column("bigint", ({ delta }) => delta.nanCount),
      column("float8", ({ delta }) => delta.values.at(-1) ?? Number.NaN),
      column("bigint", ({ delta }) => delta.steps.at(-1) ?? 0),
      column("float8", ({ delta }) => delta.min),
      column("bigint", ({ delta }) => delta.minStep),
      column("float8", ({ delta }) => delta.max),
      column("bigint", ({ delta }) => delta.maxStep),
      column("float8", ({ delta }) => delta.sum),
      `${this.parameters.add(offsets)}::int[]`,
      `${this.parameters.add(frames.map((frame) => frame.byteLength))}::int[]`,
    ];
    this.part(
      "logged",
      `select * from unnest(${columns.join(", ")}) as t(run_id, project_id, name, point_count, nan_count, last_value,
         last_step, min_value, min_step, max_value, max_step, value_sum, start, size)`,
    );
    this.part(
      "series",
      `insert into lineage_metric as m (run_id, project_id, name, point_count, nan_count, last_value, last_step,
         min_value, min_step, max_value, max_step, value_sum, mean_value)
       select run_id, project_id, name, point_count, nan_count, last_value, last_step, min_value, min_step, max_value,
         max_step, value_sum, lineage_mean(value_sum, point_count - nan_count)
       from logged order by run_id, name
       on conflict (run_id, name) do update set ${summaryUpdate}
       returning series_id, run_id, name`,
    );
    this.part(
      "points",
      `insert into lineage_metric_chunk (series_id, point_count, points)
       select s.series_id, l.point_count, substring(${this.parameters.add(Buffer.concat(frames))}::bytea from l.start for l.size)
       from logged l join series s using (run_id, name)`,
    );
  }

  private insertFacts(runs: readonly RunDelta[]): void {
    const facts = runs.flatMap((run) => run.facts);
    if (facts.length === 0) return;
    const rows = facts.map((fact) => ({
      id: fact.runId,
      kind: fact.kind,
      body: jsonColumn(fact.body) ?? "null",
      recorded: Math.round(fact.recordedAtMs),
    }));
    this.part(
      "facts",
      `insert into lineage_fact (entity_kind, entity_id, kind, body_json, recorded_at_ms)
       select 'run', id, kind, body, recorded
       from json_to_recordset(${this.parameters.addRows(rows)}) as t(id text, kind text, body text, recorded bigint)`,
    );
  }

  private insertBlobs(): void {
    const blobs = [...this.plan.blobs.values()].sort((a, b) => (a.hash < b.hash ? -1 : 1));
    if (blobs.length === 0) return;
    const contents = blobs.map((blob) => Buffer.from(blob.base64, "base64"));
    const ends = contents.map((content) => content.length);
    for (let index = 1; index < ends.length; index++) ends[index] = (ends[index] ?? 0) + (ends[index - 1] ?? 0);
    const hashes = this.parameters.add(blobs.map((blob) => blob.hash));
    const sizes = this.parameters.add(contents.map((content) => content.length));
    const endings = this.parameters.add(ends);
    this.part(
      "blobs",
      `insert into lineage_blob (hash, size_bytes, content)
       select hash, size, substring(${this.parameters.add(Buffer.concat(contents))}::bytea from ending - size + 1 for size)
       from unnest(${hashes}::text[], ${sizes}::int[], ${endings}::int[]) as t(hash, size, ending)
       on conflict (hash) do nothing`,
    );
  }

  private insertDatasets(runs: readonly RunDelta[]): void {
    const events = runs.flatMap((run) => run.datasets);
    if (events.length === 0) return;
    const rows = events.map((event) => ({
      run_id: event.runId,
      project_id: this.context.projectIds.get(event.runId),
      name: event.name,
      uri: event.uri,
      role: event.role,
      dataset_id: newId<"dataset">(this.clock),
      version_id: newId<"dataset-version">(this.clock),
      fingerprint_hash: fingerprintHash(event),
      fingerprint: jsonColumn(event.fingerprint) ?? "{}",
    }));
    this.part(
      "used",
      `select * from json_to_recordset(${this.parameters.addRows(rows)}) as t(run_id uuid, project_id uuid, name text,
         uri text, role text, dataset_id uuid, version_id uuid, fingerprint_hash text, fingerprint text)`,
    );
    this.part(
      "datasets",
      `insert into lineage_dataset (id, project_id, name, uri, created_at_ms)
       select distinct on (project_id, name) dataset_id, project_id, name, uri, ${this.now} from used
       order by project_id, name, dataset_id desc
       on conflict (project_id, name) do update set uri = excluded.uri
       returning id, project_id, name`,
    );
    this.part(
      "versions",
      `insert into lineage_dataset_version (id, dataset_id, fingerprint_hash, fingerprint_json, uri, created_at_ms)
       select distinct on (d.id, u.fingerprint_hash) u.version_id, d.id, u.fingerprint_hash, u.fingerprint, u.uri, ${this.now}
       from used u join datasets d using (project_id, name)
       order by d.id, u.fingerprint_hash, u.version_id
       on conflict (dataset_id, fingerprint_hash) do update set uri = excluded.uri
       returning id, dataset_id, fingerprint_hash`,
    );
    this.part(
      "flows",
      `select u.*, d.id as dataset, v.id as version from used u join datasets d using (project_id, name)
       join versions v on v.dataset_id = d.id and v.fingerprint_hash = u.fingerprint_hash`,
    );
    this.part(
      "edges",
      `insert into lineage_edge (from_kind, from_id, to_kind, to_id, relation, project_id)
       select 'dataset', dataset, 'dataset-version', version, 'version', project_id from flows
       union select 'dataset-version', version, 'run', run_id, 'input', project_id from flows where role = 'input'
       union select 'run', run_id, 'dataset-version', version, 'output', project_id from flows where role = 'output'
       on conflict do nothing`,
    );
  }

  private writeOrphans(): void {
    if (this.plan.orphans.length > 0) {
      this.part(
        "orphans",
        `insert into lineage_orphan_event (source_id, sequence, run_id, code, message, event_json, received_at_ms)
         select source_id, sequence, run_id, code, message, event_json, ${this.now}
         from json_to_recordset(${this.parameters.addRows(this.plan.orphans.map(orphanColumns))})
           as t(source_id text, sequence bigint, run_id text, code text, message text, event_json text)`,
      );
    }
    if (this.plan.adopted.length > 0) {
      this.part(
        "adopted",
        `delete from lineage_orphan_event o using json_to_recordset(${this.parameters.addRows(
          this.plan.adopted.map(({ sourceId, sequence }) => ({ source_id: sourceId, sequence })),
        )}) as t(source_id text, sequence bigint)
         where o.source_id = t.source_id and o.sequence = t.sequence returning 1`,
      );
      this.require("adopted", this.plan.adopted.length);
    }
  }

  private selectWaiting(): string {
    return `(select array_agg(distinct run_id) from lineage_orphan_event
      where code = 'RUN_NOT_FOUND' and run_id = any(${this.parameters.add([...this.context.newRuns])}::text[]))`;
  }

  private notify(runs: readonly RunDelta[]): string {
    const payloads: string[] = [];
    for (let start = 0; start < runs.length; start += idsPerPayload) {
      payloads.push(JSON.stringify(runs.slice(start, start + idsPerPayload).map((run) => run.runId)));
    }
    return `select count(pg_notify('${runChannel}', payload)) from unnest(${this.parameters.add(payloads)}::text[]) as n(payload)`;
  }
}

const rootNames = componentNames.map((name) => `${name}_root`);
const rootTypes = (prefix: string) => rootNames.map((name) => `${prefix}${name} text`).join(", ");

function rootColumns(roots: Roots | undefined, prefix = ""): Record<string, string | null> {
  return Object.fromEntries(componentNames.map((name) => [`${prefix}${name}_root`, roots?.[name] ?? null]));
}

/** A lost run comes back to life with any event; a `lost` that comes late does not overrule how the run ended. */
function revival(status: string, endedAtMs: string): string {
  const overruled = `(${status} = 'lost' and r.status not in ('running', 'lost'))`;
  return `status = case when ${status} is null then case when r.status = 'lost' then 'running' else r.status end
      when ${overruled} then r.status else ${status} end,
    ended_at_ms = case when ${status} is null then case when r.status = 'lost' then null else r.ended_at_ms end
      when ${overruled} then r.ended_at_ms else ${endedAtMs} end`;
}

const mean = "lineage_add(m.value_sum, excluded.value_sum)";
/** Postgres orders NaN above all numbers; a minimum or maximum is NaN only while nothing else was logged. */
const lower = "(m.min_value = 'NaN' or excluded.min_value < m.min_value)";
const higher = "(m.max_value = 'NaN' or (excluded.max_value <> 'NaN' and excluded.max_value > m.max_value))";
const summaryUpdate = `
  point_count = m.point_count + excluded.point_count,
  nan_count = m.nan_count + excluded.nan_count,
  last_value = excluded.last_value,
  last_step = excluded.last_step,
  min_value = case when ${lower} then excluded.min_value else m.min_value end,
  min_step = case when ${lower} then excluded.min_step else m.min_step end,
  max_value = case when ${higher} then excluded.max_value else m.max_value end,
  max_step = case when ${higher} then excluded.max_step else m.max_step end,
  value_sum = ${mean},
  mean_value = lineage_mean(${mean}, m.point_count - m.nan_count + excluded.point_count - excluded.nan_count)`;

function startColumns(run: RunDelta): Record<string, unknown> {
  const start = run.start;
  return {
    id: run.runId,
    name: start?.name,
    purpose: start?.purpose,
    command_json: jsonColumn(start?.command),
    started_at_ms: Math.round(start?.startedAtMs ?? 0),
    location_json: jsonColumn(start?.location),
    objective_json: jsonColumn(start?.objective),
    parent_run_id: start?.parentRunId ?? null,
    recipe_json: jsonColumn(start?.recipe),
  };
}

function endColumns(run: RunDelta): Record<string, unknown> {
  return {
    status: run.end?.status ?? null,
    ended_at_ms: run.end ? Math.round(run.end.endedAtMs) : null,
    exit_code: run.end?.exitCode ?? null,
    signal: run.end?.signal ?? null,
  };
}

/** Equal rows, order and schema are one version, wherever the data lay and however its file was packed. */
function fingerprintHash(event: DatasetEvent): string {
  const { rows, order, schema } = event.fingerprint;
  const content =
    rows === undefined && order === undefined && schema === undefined ? event.fingerprint : { rows, order, schema };
  return sha256(canonicalJson(content));
}

function orphanColumns(orphan: OrphanEvent): Record<string, unknown> {
  return {
    source_id: orphan.sourceId,
    sequence: orphan.sequence,
    run_id: orphan.runId,
    code: orphan.code,
    message: orphan.message.replaceAll("\0", "\\0"),
    event_json: jsonColumn(orphan.event) ?? "null",
  };
}
