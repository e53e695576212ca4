import { type Clock, newId, parseJson, refuseNul } from "@deepwright/core";
import type { Store } from "@deepwright/store";
import type { DatasetVersion, DatasetVersionInput } from "../contract/index.js";
import { fingerprintHash } from "../ingest/index.js";
import { jsonColumn } from "../ingest/parameters.js";
import { addEdges, ensureDataset, ensureProject } from "./write.js";

interface VersionRow {
  readonly id: string;
  readonly uri: string;
  readonly created_at_ms: number;
  readonly fingerprint_json: string;
}

/** The version with this content, as ingest makes it of the inputs of a run; equal content is one version. */
export async function declareDatasetVersion(
  store: Store,
  clock: Clock,
  input: DatasetVersionInput,
): Promise<DatasetVersion> {
  refuseNul(input.uri, "the address of a data set");
  return store.transaction(async (transaction) => {
    const projectId = await ensureProject(transaction, input.project, clock);
    const datasetId = await ensureDataset(transaction, projectId, input.name, clock);
    await transaction.query("update lineage_dataset set uri = $2 where id = $1", [datasetId, input.uri]);
    const [row] = await transaction.query<VersionRow>(
      `insert into lineage_dataset_version (id, dataset_id, fingerprint_hash, fingerprint_json, uri, created_at_ms)
       values ($1, $2, $3, $4, $5, $6)
       on conflict (dataset_id, fingerprint_hash) do update set uri = excluded.uri
       returning id, uri, created_at_ms, fingerprint_json`,
      [
        newId<"dataset-version">(clock),
        datasetId,
        fingerprintHash(input),
        jsonColumn(input.fingerprint) ?? "{}",
        input.uri,
        clock.now(),
      ],
    );
    const version = row as VersionRow;
    await addEdges(transaction, projectId, [
      { fromKind: "dataset", from: datasetId, toKind: "dataset-version", to: version.id, relation: "version" },
    ]);
    return {
      id: version.id,
      datasetId,
      uri: version.uri,
      createdAtMs: Number(version.created_at_ms),
      fingerprint: parseJson<Record<string, unknown>>(version.fingerprint_json),
    };
  });
}
