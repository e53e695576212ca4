import { canonicalJson, newId, sha256 } from "@deepwright/core";
import type { DatasetEvent } from "../../contract/index.js";
import { jsonColumn } from "../parameters.js";
import type { RunDelta } from "../plan.js";
import type { PlanContext } from "../plan-context.js";
import type { Statement } from "../statement.js";

/** Makes data sets and their versions where they are new, and the edges between them and the runs. */
export function insertDatasets(statement: Statement, context: PlanContext, runs: readonly RunDelta[]): void {
  const events = runs.flatMap((run) => run.datasets);
  if (events.length === 0) return;
  const rows = events.map((event) => ({
    run_id: event.runId,
    project_id: context.projectIds.get(event.runId),
    name: event.name,
    uri: event.uri,
    role: event.role,
    dataset_id: newId<"dataset">(statement.clock),
    version_id: newId<"dataset-version">(statement.clock),
    fingerprint_hash: fingerprintHash(event),
    fingerprint: jsonColumn(event.fingerprint) ?? "{}",
  }));
  statement.part(
    "used",
    `select * from json_to_recordset(${statement.addRows(rows)}) as t(run_id uuid, project_id uuid, name text,
       uri text, role text, dataset_id uuid, version_id uuid, fingerprint_hash text, fingerprint text)`,
  );
  statement.part(
    "datasets",
    `insert into lineage_dataset (id, project_id, name, uri, created_at_ms)
     select distinct on (project_id, name) dataset_id, project_id, name, uri, ${statement.now} from used
     order by project_id, name, dataset_id desc
     on conflict (project_id, name) do update set uri = excluded.uri
     returning id, project_id, name`,
  );
  statement.part(
    "versions",
    `insert into lineage_dataset_version (id, dataset_id, fingerprint_hash, fingerprint_json, uri, created_at_ms)
     select distinct on (d.id, u.fingerprint_hash) u.version_id, d.id, u.fingerprint_hash, u.fingerprint, u.uri, ${statement.now}
     from used u join datasets d using (project_id, name)
     order by d.id, u.fingerprint_hash, u.version_id
     on conflict (dataset_id, fingerprint_hash) do update set uri = excluded.uri
     returning id, dataset_id, fingerprint_hash`,
  );
  statement.part(
    "flows",
    `select u.*, d.id as dataset, v.id as version from used u join datasets d using (project_id, name)
     join versions v on v.dataset_id = d.id and v.fingerprint_hash = u.fingerprint_hash`,
  );
  statement.part(
    "edges",
    `insert into lineage_edge (from_kind, from_id, to_kind, to_id, relation, project_id)
     select 'dataset', dataset, 'dataset-version', version, 'version', project_id from flows
     union select 'dataset-version', version, 'run', run_id, 'input', project_id from flows where role = 'input'
     union select 'run', run_id, 'dataset-version', version, 'output', project_id from flows where role = 'output'
     on conflict do nothing`,
  );
}

/** Equal rows, order and schema are one version, wherever the data lay and however its file was packed. */
export function fingerprintHash({ fingerprint }: Pick<DatasetEvent, "fingerprint">): string {
  const { rows, order, schema } = fingerprint;
  const content =
    rows === undefined && order === undefined && schema === undefined ? fingerprint : { rows, order, schema };
  return sha256(canonicalJson(content));
}
