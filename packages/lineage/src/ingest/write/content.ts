import { jsonColumn } from "../parameters.js";
import type { Plan, RunDelta } from "../plan.js";
import type { Statement } from "../statement.js";

export function insertFacts(statement: Statement, runs: readonly RunDelta[]): void {
  const facts = runs.flatMap((run) => run.facts);
  if (facts.length === 0) return;
  const rows = facts.map((fact) => ({
    id: fact.runId,
    kind: fact.kind,
    body: jsonColumn(fact.body) ?? "null",
    recorded: Math.round(fact.recordedAtMs),
  }));
  statement.part(
    "facts",
    `insert into lineage_fact (entity_kind, entity_id, kind, body_json, recorded_at_ms)
     select 'run', id, kind, body, recorded
     from json_to_recordset(${statement.addRows(rows)}) as t(id text, kind text, body text, recorded bigint)`,
  );
}

export function insertBlobs(statement: Statement, plan: Plan): void {
  const blobs = [...plan.blobs.values()].sort((a, b) => (a.hash < b.hash ? -1 : 1));
  if (blobs.length === 0) return;
  const contents = blobs.map((blob) => Buffer.from(blob.base64, "base64"));
  const ends = contents.map((content) => content.length);
  for (let index = 1; index < ends.length; index++) ends[index] = (ends[index] ?? 0) + (ends[index - 1] ?? 0);
  const hashes = statement.add(blobs.map((blob) => blob.hash));
  const sizes = statement.add(contents.map((content) => content.length));
  const endings = statement.add(ends);
  statement.part(
    "blobs",
    `insert into lineage_blob (hash, size_bytes, content)
     select hash, size, substring(${statement.add(Buffer.concat(contents))}::bytea from ending - size + 1 for size)
     from unnest(${hashes}::text[], ${sizes}::int[], ${endings}::int[]) as t(hash, size, ending)
     on conflict (hash) do nothing`,
  );
}
